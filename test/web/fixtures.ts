import type { MessageView, Usage } from "../../src/channels/events.ts";

export const noUsage: Usage = { input_tokens: 0, output_tokens: 0, cached_input_tokens: 0, cost_micro_usd: 0, model_calls: 0 };

let seq = 0;

/** A stored message; `seq` grows with every call unless given. */
export const message = (fields: Partial<MessageView> = {}): MessageView => {
  seq += 1;
  return {
    id: `m${seq}`,
    conversation_id: "c1",
    seq,
    role: "user",
    channel: "web",
    text: "hello",
    content: [],
    tool_calls: [],
    turn_id: null,
    status: "done",
    error: null,
    model: null,
    usage: null,
    created_at: Date.UTC(2026, 10, 20, 12),
    superseded_at: null,
    ...fields,
  };
};
