import type { GrantView } from "../api/grants.ts";

/** Whether every word stands in the permission's words or its tool's name. */
export const matches = ({ tool, label }: Pick<GrantView, "tool" | "label">, words: string): boolean =>
  words
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => `${tool} ${label}`.toLowerCase().includes(word));
