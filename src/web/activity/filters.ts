import type { AuditFilters } from "../api/audit.ts";

export const RANGES = [
  { id: "today", name: "Today", days: 1 },
  { id: "week", name: "7 days", days: 7 },
  { id: "month", name: "30 days", days: 30 },
  { id: "all", name: "All", days: null },
] as const;
export type Range = (typeof RANGES)[number]["id"];

/** What is chosen on the page; empty: any. */
export interface Chosen {
  range: Range;
  kind: string;
  outcome: string;
  effect: string;
  tool: string;
  channel: string;
  text: string;
}

export const EVERYTHING: Chosen = { range: "week", kind: "", outcome: "", effect: "", tool: "", channel: "", text: "" };

/** What really left: calls with an effect outside that were carried out, however they were allowed. */
export const SENT: Pick<Chosen, "kind" | "outcome" | "effect"> = { kind: "result", outcome: "done", effect: "external" };

export const isSent = (chosen: Chosen): boolean =>
  chosen.kind === SENT.kind && chosen.outcome === SENT.outcome && chosen.effect === SENT.effect;

/** The first instant of a range that ends with the local day of `now`; undefined: from the beginning. The same all day, so that what was read stays good. */
export function startOf(range: Range, now: number): number | undefined {
  const days = RANGES.find((item) => item.id === range)?.days ?? null;
  if (days === null) return undefined;
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - (days - 1)).getTime();
}

/** As the API takes them. */
export function asQuery(chosen: Chosen, now: number): AuditFilters {
  const given = (value: string) => (value.trim() === "" ? undefined : value.trim());
  return {
    since: startOf(chosen.range, now),
    kind: given(chosen.kind),
    outcome: given(chosen.outcome),
    effect: given(chosen.effect),
    tool: given(chosen.tool),
    channel: given(chosen.channel),
    text: given(chosen.text),
  };
}
