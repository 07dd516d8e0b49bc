import { createHash } from "node:crypto";
import { z } from "zod";
import { BadRequest, countTokens, pieces, type Answer, type Refusal } from "./model-server-script.ts";

/** The Messages API as documented at docs.anthropic.com ("Messages", "Errors", "Streaming messages", "Prompt caching"). */

const CacheControl = z.strictObject({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).optional() }).nullish();
const Text = z.strictObject({ type: z.literal("text"), text: z.string(), cache_control: CacheControl, citations: z.unknown().optional() });
const Source = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("base64"), media_type: z.string(), data: z.base64() }),
  z.strictObject({ type: z.literal("url"), url: z.url() }),
  z.strictObject({ type: z.literal("text"), media_type: z.literal("text/plain"), data: z.string() }),
]);
const Image = z.strictObject({ type: z.literal("image"), source: Source, cache_control: CacheControl });
const Document = z.strictObject({
  type: z.literal("document"),
  source: Source,
  title: z.string().nullish(),
  context: z.string().nullish(),
  citations: z.unknown().optional(),
  cache_control: CacheControl,
});
const ToolUse = z.strictObject({
  type: z.literal("tool_use"),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/, "String should match pattern '^[a-zA-Z0-9_-]+$'"),
  name: z.string().min(1).max(200),
  input: z.record(z.string(), z.unknown()),
  cache_control: CacheControl,
  caller: z.unknown().optional(),
});
const ToolResult = z.strictObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(z.discriminatedUnion("type", [Text, Image, Document]))]).optional(),
  is_error: z.boolean().nullish(),
  cache_control: CacheControl,
});
const Thinking = z.strictObject({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() });
const Block = z.discriminatedUnion("type", [Text, Image, Document, ToolUse, ToolResult, Thinking]);
const Message = z.strictObject({ role: z.enum(["user", "assistant"]), content: z.union([z.string(), z.array(Block)]) });
const Tool = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/, "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"),
  description: z.string().optional(),
  input_schema: z.looseObject({ type: z.literal("object") }),
  cache_control: CacheControl,
  type: z.literal("custom").nullish(),
  strict: z.boolean().optional(),
  eager_input_streaming: z.boolean().optional(),
  input_examples: z.array(z.unknown()).optional(),
});
const shared = {
  model: z.string().min(1),
  messages: z.array(Message),
  system: z.union([z.string(), z.array(Text)]).optional(),
  tools: z.array(Tool).optional(),
  tool_choice: z.looseObject({ type: z.enum(["auto", "any", "tool", "none"]) }).optional(),
  thinking: z.unknown().optional(),
};
const Request = z.strictObject({
  ...shared,
  max_tokens: z.number().int().min(1),
  stream: z.boolean().optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.number().int().optional(),
  stop_sequences: z.array(z.string()).optional(),
  metadata: z.unknown().optional(),
  service_tier: z.string().optional(),
  output_config: z.unknown().optional(),
});
export type AnthropicRequest = z.infer<typeof Request>;
type Message = z.infer<typeof Message>;

export function parseAnthropic(body: unknown): AnthropicRequest {
  const parsed = Request.safeParse(body);
  if (!parsed.success) throw new BadRequest(describe(parsed.error));
  checkConversation(parsed.data);
  return parsed.data;
}

export function countAnthropic(body: unknown): number {
  const parsed = z.strictObject(shared).safeParse(body);
  if (!parsed.success) throw new BadRequest(describe(parsed.error));
  return countTokens([parsed.data.system, parsed.data.tools, parsed.data.messages]);
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "Invalid request";
  if (issue.code === "unrecognized_keys") return `${[...issue.path, issue.keys[0] ?? ""].join(".")}: Extra inputs are not permitted`;
  return `${issue.path.join(".")}: ${issue.message === "Invalid input: expected nonoptional, received undefined" ? "Field required" : issue.message}`;
}

const blocksOf = (message: Message): z.infer<typeof Block>[] =>
  typeof message.content === "string" ? [{ type: "text", text: message.content, cache_control: undefined }] : message.content;

function checkConversation({ messages, tools, system }: AnthropicRequest): void {
  if (messages.length === 0) throw new BadRequest("messages: at least one message is required");
  if (messages[0]?.role !== "user") throw new BadRequest('messages: first message must use the "user" role');
  const names = (tools ?? []).map((tool) => tool.name);
  if (new Set(names).size !== names.length) throw new BadRequest("tools: Tool names must be unique.");
  let marks = (tools ?? []).filter((tool) => tool.cache_control).length;
  if (Array.isArray(system)) marks += system.filter((block) => block.cache_control).length;

  let open: string[] = [];
  messages.forEach((message, index) => {
    const blocks = blocksOf(message);
    if (blocks.length === 0 && !(message.role === "assistant" && index === messages.length - 1)) {
      throw new BadRequest(`messages.${index}: all messages must have non-empty content except for the optional final assistant message`);
    }
    marks += blocks.filter((block) => "cache_control" in block && block.cache_control).length;
    const results = blocks.flatMap((block) => (block.type === "tool_result" ? [block.tool_use_id] : []));
    const missing = open.filter((id) => !results.includes(id));
    if (missing.length > 0) {
      throw new BadRequest(
        `messages.${index - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
      );
    }
    const stray = results.find((id) => !open.includes(id));
    if (stray !== undefined) {
      throw new BadRequest(
        `messages.${index}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      );
    }
    if (results.length > 0 && blocks.slice(0, results.length).some((block) => block.type !== "tool_result")) {
      throw new BadRequest(`messages.${index}: \`tool_result\` blocks must come first in the content`);
    }
    for (const block of blocks) {
      if (block.type === "text" && block.text === "") throw new BadRequest(`messages.${index}: text content blocks must be non-empty`);
      if (block.type === "text" && block.text.trim() === "")
        throw new BadRequest(`messages.${index}: text content blocks must contain non-whitespace text`);
      if (block.type === "tool_use" && message.role !== "assistant")
        throw new BadRequest(`messages.${index}: \`tool_use\` blocks can only be in \`assistant\` messages`);
      if (block.type === "tool_result" && message.role !== "user")
        throw new BadRequest(`messages.${index}: \`tool_result\` blocks can only be in \`user\` messages`);
      if ((block.type === "tool_use" || block.type === "tool_result") && names.length === 0) {
        throw new BadRequest("Requests which include `tool_use` or `tool_result` blocks must define tools");
      }
    }
    open = blocks.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));
    if (new Set(open).size !== open.length) throw new BadRequest(`messages.${index}: \`tool_use\` ids must be unique`);
  });
  if (open.length > 0) {
    throw new BadRequest(
      `messages.${messages.length - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
    );
  }
  const last = messages.at(-1);
  const text = last?.role === "assistant" ? blocksOf(last).at(-1) : undefined;
  if (text?.type === "text" && /\s$/.test(text.text))
    throw new BadRequest("messages: final assistant content cannot end with trailing whitespace");
  if (marks > 4) throw new BadRequest(`A maximum of 4 blocks with cache_control may be provided. Found ${marks}.`);
}

/** What the person said last, for the echo. */
export function lastUserText({ messages }: AnthropicRequest): string {
  for (const message of messages.toReversed()) {
    if (message.role !== "user") continue;
    const text = blocksOf(message).flatMap((block) => (block.type === "text" ? [block.text] : []));
    if (text.length > 0) return text.join("\n");
  }
  return "";
}

/** Remembers marked prefixes and counts what of a request was cached, as the real cache does (without its minimum length). */
export class PromptCache {
  readonly #known = new Map<string, number>();

  count(request: AnthropicRequest): Omit<Answer["usage"], "outputTokens"> {
    const hash = createHash("sha256");
    let tokens = 0;
    let read = 0;
    let marked = 0;
    let found = 0;
    const fresh: [string, number][] = [];
    const add = (value: Record<string, unknown>): void => {
      const { cache_control: mark, ...content } = value;
      hash.update(JSON.stringify(content));
      tokens += countTokens(content);
      // A request finds what was written at an earlier mark, wherever its own marks are now.
      const digest = hash.copy().digest("base64");
      if (this.#known.has(digest)) found = tokens;
      if (mark == null) return;
      read = found;
      if (found !== tokens) fresh.push([digest, tokens]);
      marked = tokens;
    };
    for (const tool of request.tools ?? []) add(tool);
    if (typeof request.system === "string") add({ text: request.system });
    else for (const block of request.system ?? []) add(block);
    for (const message of request.messages) for (const block of blocksOf(message)) add({ role: message.role, ...block });
    for (const [digest, size] of fresh) this.#known.set(digest, size);
    return { inputTokens: tokens, cachedInputTokens: read, cacheWriteTokens: marked - read };
  }
}

const usageOf = (usage: Answer["usage"]): Record<string, unknown> => ({
  input_tokens: usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens,
  cache_creation_input_tokens: usage.cacheWriteTokens,
  cache_read_input_tokens: usage.cachedInputTokens,
  cache_creation: { ephemeral_5m_input_tokens: usage.cacheWriteTokens, ephemeral_1h_input_tokens: 0 },
  service_tier: "standard",
});

export function anthropicMessage(id: string, model: string, answer: Answer): unknown {
  return {
    id: `msg_${id}`,
    type: "message",
    role: "assistant",
    model,
    content: [
      ...(answer.text === "" ? [] : [{ type: "text", text: answer.text }]),
      ...answer.toolCalls.map((call) => ({ type: "tool_use", id: call.id, name: call.name, input: call.input })),
    ],
    stop_reason: answer.toolCalls.length > 0 ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: { ...usageOf(answer.usage), output_tokens: answer.usage.outputTokens },
  };
}

/** The stream's events, ready to be written. */
export function anthropicEvents(id: string, model: string, answer: Answer): string[] {
  const events: [string, Record<string, unknown>][] = [];
  const start = { id: `msg_${id}`, type: "message", role: "assistant", model, content: [], stop_reason: null, stop_sequence: null };
  events.push(["message_start", { message: { ...start, usage: { ...usageOf(answer.usage), output_tokens: 1 } } }]);
  let index = 0;
  if (answer.text !== "") {
    events.push(["content_block_start", { index, content_block: { type: "text", text: "" } }], ["ping", {}]);
    for (const text of pieces(answer.text)) events.push(["content_block_delta", { index, delta: { type: "text_delta", text } }]);
    events.push(["content_block_stop", { index }]);
    index += 1;
  }
  for (const call of answer.toolCalls) {
    events.push(["content_block_start", { index, content_block: { type: "tool_use", id: call.id, name: call.name, input: {} } }]);
    events.push(["content_block_delta", { index, delta: { type: "input_json_delta", partial_json: "" } }]);
    for (const part of pieces(JSON.stringify(call.input)))
      events.push(["content_block_delta", { index, delta: { type: "input_json_delta", partial_json: part } }]);
    events.push(["content_block_stop", { index }]);
    index += 1;
  }
  const stop_reason = answer.toolCalls.length > 0 ? "tool_use" : "end_turn";
  events.push([
    "message_delta",
    { delta: { stop_reason, stop_sequence: null }, usage: { ...usageOf(answer.usage), output_tokens: answer.usage.outputTokens } },
  ]);
  events.push(["message_stop", {}]);
  return events.map(([type, data]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
}

export function anthropicStreamError(type: string): string {
  return `event: error\ndata: ${JSON.stringify({ type: "error", error: { type, message: "Overloaded" } })}\n\n`;
}

const ERROR_TYPES: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
  504: "timeout_error",
  529: "overloaded_error",
};

export function anthropicRefusal(status: number, message: string): Refusal {
  return { status, body: { type: "error", error: { type: ERROR_TYPES[status] ?? "api_error", message }, request_id: "req_test" } };
}

export const ANTHROPIC_MODELS = {
  data: ["claude-opus-5-5", "claude-sonnet-5", "claude-haiku-4-5"].map((id) => ({
    type: "model",
    id,
    display_name: id,
    created_at: "2026-01-01T00:00:00Z",
  })),
  has_more: false,
  first_id: "claude-opus-5-5",
  last_id: "claude-haiku-4-5",
};
