import type { MessageStore, NewMessage } from "../../src/db/object/messages.ts";

const DAY = 86_400_000;
/** When conversations of these tests begin: 1 March 2026, 12:00 UTC. */
export const START = Date.UTC(2026, 2, 1, 12);

/** A message as it is stored, with what a test says of it. */
export const message = (id: string, role: "user" | "assistant", text: string, more: Partial<NewMessage> = {}): NewMessage => ({
  id,
  conversationId: "main",
  role,
  kind: "chat",
  channel: "web",
  text,
  content: [],
  steps: [],
  tainted: false,
  turnId: null,
  externalId: null,
  status: "done",
  error: null,
  model: null,
  usage: null,
  createdAt: START,
  ...more,
});

/** Stores question and answer, a day after the last. */
export function exchange(messages: MessageStore, n: number, question: string, answer: string, more: Partial<NewMessage> = {}): void {
  const createdAt = START + n * DAY;
  messages.insert(message(`q${n}`, "user", question, { turnId: `t${n}`, createdAt }));
  messages.insert(message(`a${n}`, "assistant", answer, { turnId: `t${n}`, createdAt, ...more }));
}
