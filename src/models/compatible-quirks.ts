import { z } from "zod";

/** What well-known OpenAI-compatible hosts do differently. Anything else is taken to accept what OpenAI's older models accept. */
export interface Quirks {
  /** Whether `stream_options.include_usage` is asked for. */
  includeUsage: boolean;
  transformRequestBody?: (body: Record<string, unknown>) => Record<string, unknown>;
}

export function quirksOf(host: string): Quirks {
  return QUIRKS[host] ?? { includeUsage: true };
}

const QUIRKS: Readonly<Record<string, Quirks>> = {
  "api.openai.com": { includeUsage: true, transformRequestBody: (body) => withMessages(withCompletionTokens(body), withoutReasoning) },
  "api.groq.com": { includeUsage: true, transformRequestBody: (body) => withMessages(body, withoutReasoning) },
  // Refuses the option ("extra_forbidden") and sends the usage anyway.
  "api.mistral.ai": {
    includeUsage: false,
    transformRequestBody: (body) => withMessages(body, (message) => withShortIds(withoutReasoning(message))),
  },
};

const Message = z.looseObject({
  role: z.string(),
  tool_call_id: z.string().optional(),
  tool_calls: z.array(z.looseObject({ id: z.string() })).optional(),
});
type Message = z.infer<typeof Message>;

function withMessages(body: Record<string, unknown>, change: (message: Message) => Message): Record<string, unknown> {
  const messages = z.array(Message).safeParse(body["messages"]);
  return messages.success ? { ...body, messages: messages.data.map((message) => change(message)) } : body;
}

/** OpenAI's models since o1 refuse `max_tokens`; older ones take the new name too (API reference, "Create chat completion"). */
function withCompletionTokens(body: Record<string, unknown>): Record<string, unknown> {
  const { max_tokens, ...rest } = body;
  return max_tokens === undefined ? rest : { ...rest, max_completion_tokens: max_tokens };
}

/** Reasoning of an earlier step, perhaps by another vendor's model: these hosts refuse the field in a request. */
function withoutReasoning(message: Message): Message {
  const { reasoning_content: _, ...rest } = message;
  return rest;
}

/**
 * Mistral takes tool call ids of exactly nine letters and digits. A conversation may hold ids that another vendor's model made, so all are
 * rewritten, each always to the same.
 */
function withShortIds(message: Message): Message {
  return {
    ...message,
    ...(message.tool_call_id === undefined ? {} : { tool_call_id: shortId(message.tool_call_id) }),
    ...(message.tool_calls === undefined ? {} : { tool_calls: message.tool_calls.map((call) => ({ ...call, id: shortId(call.id) })) }),
  };
}

function shortId(id: string): string {
  if (/^[a-zA-Z0-9]{9}$/.test(id)) return id;
  // FNV-1a over 53 bits is far more than the few ids of one conversation need.
  let hash = 0xcbf29ce4n;
  for (const byte of new TextEncoder().encode(id)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0x1fffffffffffffn;
  return hash.toString(36).padStart(9, "0").slice(-9);
}
