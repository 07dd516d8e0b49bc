import { z } from "zod";
import { MemoryView } from "./shapes.ts";

/** A memory as the object and the record keep it: what the API shows, and what only the rules need. */
export const StoredMemory = MemoryView.extend({
  /** Whether the user asked for it to be remembered, in chat or by writing it themself. */
  asked: z.boolean(),
  /** Every piece of what was said that it rests on: forgetting takes all of them out. */
  quotes: z.array(z.string()),
});
export type StoredMemory = z.infer<typeof StoredMemory>;

/** What is to be remembered. */
export type NewMemory = Pick<
  StoredMemory,
  "kind" | "text" | "about_at" | "source" | "confidence" | "tainted" | "pinned" | "asked" | "expires_at"
>;

export const viewOf = ({ asked: _asked, quotes: _quotes, ...view }: StoredMemory): MemoryView => view;

/** Whether it holds at an instant: nothing took its place and it has not expired. */
export const holds = ({ superseded_at, expires_at }: Pick<MemoryView, "superseded_at" | "expires_at">, now: number): boolean =>
  superseded_at === null && (expires_at === null || expires_at > now);
