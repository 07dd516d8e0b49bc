import { ContextWindow } from "../../src/agent/context-window.ts";
import type { AgentDeps } from "../../src/agent/deps.ts";
import { InboxStore } from "../../src/db/object/inbox.ts";
import { MessageStore } from "../../src/db/object/messages.ts";
import { OutboxStore } from "../../src/db/object/outbox.ts";
import { SettingStore } from "../../src/db/object/settings.ts";
import { SummaryStore } from "../../src/db/object/summaries.ts";
import { TurnStore } from "../../src/db/object/turns.ts";
import { objectStorage } from "../support/object-storage.ts";
import { message, START } from "./said.ts";

const nothing = (): undefined => undefined;

/** What a turn needs around it where a model without a price answers and nobody hears of it. */
export const quiet = {
  knownDestinations: () => [],
  modelName: () => "fake/one",
  hasModel: () => true,
  usageOf: () => ({
    usage: { input_tokens: 0, output_tokens: 0, cached_input_tokens: 0, cost_micro_usd: 0, model_calls: 1 },
    model: null,
  }),
  suspended: () => false,
  audit: nothing,
  broadcast: nothing,
  openReplies: nothing,
  showProgress: nothing,
  turnEnded: nothing,
  deliver: nothing,
  log: nothing,
} satisfies Partial<AgentDeps>;

/** The turn `t` about one question, in the tables of a new object, with what `Turns` needs for it beside tools, a model and what is known. Its answer is called `answer`. */
export function oneTurn(question: string) {
  const storage = objectStorage();
  const { sql } = storage;
  const transaction = <T>(work: () => T): T => storage.transactionSync(work);
  const now = () => START;
  const messages = new MessageStore(sql);
  const settings = new SettingStore(sql);
  const turns = new TurnStore(sql);
  messages.insert(message("q", "user", question, { turnId: "t" }));
  turns.insert({ id: "t", taskId: "t", kind: "chat", conversationId: "main", tier: "smart", input: null, startedAt: START });
  const deps = {
    messages,
    settings,
    turns,
    transaction,
    now,
    inbox: new InboxStore(sql),
    outbox: new OutboxStore(sql),
    window: new ContextWindow({ messages, settings, summaries: new SummaryStore(sql), transaction, now }),
    ...quiet,
    newId: () => "answer",
  } satisfies Partial<AgentDeps>;
  return { sql, messages, deps };
}
