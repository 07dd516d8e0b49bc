import { type Forgetting, Redaction } from "./redaction.ts";

/** Writes texts anew: the same text where nothing changes. */
export interface Rewrite {
  text(text: string): string;
  value(value: unknown): unknown;
}

export interface ForgetWordsDeps {
  /** Every message; gives the ids of those that changed. */
  messages: { rewrite(rewrite: Rewrite): string[] };
  /** The other tables that may quote. Gives how many rows changed. */
  rewriteQuotes(rewrite: Rewrite): number;
  /** Leaves nothing of what was deleted in the storage of the search indexes. */
  purge(): void;
  transaction<T>(work: () => T): T;
  /** Messages changed: whatever shows them or keeps them in memory has to look again. */
  changed(messageIds: readonly string[]): void;
}

/** Takes what is forgotten out of everything that was said: the archive, the summaries, what tools were called with. Gives how many messages held it; 0 the second time. */
export function forgetWords(forgotten: readonly Forgetting[], deps: ForgetWordsDeps): number {
  const redaction = new Redaction(forgotten);
  const ids = deps.transaction(() => {
    deps.rewriteQuotes(redaction);
    const changed = deps.messages.rewrite(redaction);
    deps.purge();
    return changed;
  });
  deps.changed(ids);
  return ids.length;
}
