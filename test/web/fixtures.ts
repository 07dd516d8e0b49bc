import type { MessageView, Usage } from "../../src/channels/events.ts";

export const noUsage: Usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, costMicroUsd: 0, modelCalls: 0 };

let seq = 0;

/** A stored message; `seq` grows with every call unless given. */
export const message = (fields: Partial<MessageView> = {}): MessageView => {
  seq += 1;
  return {
    id: `m${seq}`,
    conversationId: "c1",
    seq,
    role: "user",
    channel: "web",
    text: "hello",
    content: [],
    toolCalls: [],
    turnId: null,
    status: "done",
    error: null,
    model: null,
    usage: null,
    createdAt: Date.UTC(2026, 10, 20, 12),
    supersededAt: null,
    ...fields,
  };
};
