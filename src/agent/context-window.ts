import { z } from "zod";
import type { ContextMessage, MessageStore } from "../db/object/messages.ts";
import type { SettingStore } from "../db/object/settings.ts";
import type { SummaryRow, SummaryStore } from "../db/object/summaries.ts";
import { CONTEXT_MESSAGES, fitContext } from "./context.ts";
import { stamp } from "./prompt.ts";
import { summarise } from "./summarise.ts";

export interface ContextWindowDeps {
  messages: MessageStore;
  settings: SettingStore;
  summaries: SummaryStore;
  transaction<T>(work: () => T): T;
  now(): number;
}

/** Messages that leave the window at one time and are read for the summary at most. */
const MAX_LEAVING = 500;

/** The part of a conversation that a model sees: its newest messages in full, and what is kept of those before them. */
export interface Window {
  messages: ContextMessage[];
  summary: SummaryRow | null;
}

/**
 * The window over each conversation. It stands still while everything fits, so that a provider's prompt cache hits; when it overflows it jumps, and in the same transaction what leaves
 * is summarised by rules. The messages themselves stay in the archive.
 */
export class ContextWindow {
  constructor(private readonly deps: ContextWindowDeps) {}

  of(conversationId: string): Window {
    const { messages, settings, summaries, transaction } = this.deps;
    const key = `context_from:${conversationId}`;
    const from = settings.read(key, z.number()) ?? 0;
    const all = messages.context(conversationId, from, CONTEXT_MESSAGES + 1);
    const kept = fitContext(all);
    const first = kept[0];
    if (first && kept.length < all.length) {
      transaction(() => {
        this.#compact(conversationId, from, first.seq);
        settings.write(key, first.seq, this.deps.now());
      });
    }
    return { messages: kept, summary: summaries.get(conversationId) };
  }

  /** Summarises what leaves: the messages from one number up to before another. */
  #compact(conversationId: string, from: number, before: number): void {
    const { messages, settings, summaries, now } = this.deps;
    const leaving = messages.contextRange(conversationId, from, before, MAX_LEAVING);
    const last = leaving.at(-1);
    if (!last) return;
    const known = summaries.get(conversationId);
    const timeZone = settings.timeZone();
    const { clean, outside } = summarise(known?.clean ?? "", leaving, (at) => stamp(at, timeZone).slice(0, 10));
    summaries.put(
      {
        conversationId,
        fromSeq: from,
        toSeq: last.seq,
        messages: (known?.messages ?? 0) + leaving.length,
        clean,
        outside,
        before: known?.clean ?? "",
        madeBy: "rules",
        attempts: 0,
      },
      now(),
    );
  }
}
