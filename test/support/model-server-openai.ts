import { z } from "zod";
import { BadRequest, countTokens, pieces, type Answer, type Refusal } from "./model-server-script.ts";

/** Chat Completions as documented at platform.openai.com ("Create chat completion", "Error codes", "Streaming"). */

const TextPart = z.strictObject({ type: z.literal("text"), text: z.string() });
const Part = z.discriminatedUnion("type", [
  TextPart,
  z.strictObject({
    type: z.literal("image_url"),
    image_url: z.strictObject({ url: z.string().regex(/^(https?:|data:image\/)/), detail: z.string().optional() }),
  }),
  z.strictObject({ type: z.literal("input_audio"), input_audio: z.unknown() }),
  z.strictObject({ type: z.literal("file"), file: z.unknown() }),
]);
const ToolCall = z.strictObject({
  id: z.string().min(1),
  type: z.literal("function"),
  function: z.strictObject({ name: z.string().min(1), arguments: z.string() }),
});
const texts = z.union([z.string(), z.array(TextPart).min(1)]);
const Message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.enum(["system", "developer"]), content: texts, name: z.string().optional() }),
  z.strictObject({ role: z.literal("user"), content: z.union([z.string(), z.array(Part).min(1)]), name: z.string().optional() }),
  z.strictObject({
    role: z.literal("assistant"),
    content: texts.nullish(),
    tool_calls: z.array(ToolCall).min(1).optional(),
    refusal: z.string().nullish(),
    reasoning_content: z.string().optional(),
    name: z.string().optional(),
  }),
  // The name is not documented for this role; the API takes it, and clients send it.
  z.strictObject({ role: z.literal("tool"), content: texts, tool_call_id: z.string(), name: z.string().optional() }),
]);
const Tool = z.strictObject({
  type: z.literal("function"),
  function: z.strictObject({
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
    description: z.string().optional(),
    parameters: z.looseObject({ type: z.literal("object") }).optional(),
    strict: z.boolean().nullish(),
  }),
});
const Request = z.strictObject({
  model: z.string().min(1),
  messages: z.array(Message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() }).nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  seed: z.number().int().nullish(),
  n: z.literal(1).nullish(),
  tools: z.array(Tool).min(1).optional(),
  tool_choice: z.union([z.enum(["none", "auto", "required"]), z.looseObject({ type: z.literal("function") })]).optional(),
  parallel_tool_calls: z.boolean().optional(),
  response_format: z.unknown().optional(),
  reasoning_effort: z.string().nullish(),
  user: z.string().optional(),
});
export type OpenAIRequest = z.infer<typeof Request>;

export function parseOpenAI(body: unknown): OpenAIRequest {
  const parsed = Request.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    if (issue?.code === "unrecognized_keys")
      throw new BadRequest(`Unrecognized request argument supplied: ${[...issue.path, issue.keys[0] ?? ""].join(".")}`);
    const param = issue?.path.join(".") ?? null;
    throw new BadRequest(`Invalid value for '${param}': ${issue?.message ?? "wrong type"}`, param);
  }
  const request = parsed.data;
  if (request.stream_options != null && request.stream !== true)
    throw new BadRequest("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
  if (request.tool_choice !== undefined && request.tools === undefined)
    throw new BadRequest("Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", "tool_choice");
  if (request.max_tokens != null && request.max_completion_tokens != null)
    throw new BadRequest("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.");
  checkToolOrder(request);
  return request;
}

function checkToolOrder({ messages }: OpenAIRequest): void {
  let waiting: string[] = [];
  messages.forEach((message, index) => {
    if (message.role === "tool") {
      if (!waiting.includes(message.tool_call_id)) {
        throw new BadRequest(
          "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
          `messages.[${index}].role`,
        );
      }
      waiting = waiting.filter((id) => id !== message.tool_call_id);
      return;
    }
    if (waiting.length > 0) unanswered(waiting, index);
    if (message.role === "assistant") {
      if (message.content == null && message.tool_calls === undefined)
        throw new BadRequest("Invalid value for 'content': expected a string, got null.", `messages.[${index}].content`);
      waiting = (message.tool_calls ?? []).map((call) => call.id);
    }
  });
  if (waiting.length > 0) unanswered(waiting, messages.length);
}

function unanswered(ids: string[], index: number): never {
  throw new BadRequest(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(", ")}`,
    `messages.[${index}].role`,
  );
}

export function lastUserText({ messages }: OpenAIRequest): string {
  for (const message of messages.toReversed()) {
    if (message.role !== "user") continue;
    if (typeof message.content === "string") return message.content;
    return message.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  }
  return "";
}

export function countOpenAI(request: OpenAIRequest): Omit<Answer["usage"], "outputTokens"> {
  return { inputTokens: countTokens([request.messages, request.tools]), cachedInputTokens: 0, cacheWriteTokens: 0 };
}

const usageOf = (usage: Answer["usage"]): Record<string, unknown> => ({
  prompt_tokens: usage.inputTokens,
  completion_tokens: usage.outputTokens,
  total_tokens: usage.inputTokens + usage.outputTokens,
  prompt_tokens_details: { cached_tokens: usage.cachedInputTokens, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
});

const finishOf = (answer: Answer): string => (answer.toolCalls.length > 0 ? "tool_calls" : "stop");

export function openaiCompletion(id: string, model: string, answer: Answer): unknown {
  return {
    id: `chatcmpl-${id}`,
    object: "chat.completion",
    created: 1_800_000_000,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: answer.text === "" ? null : answer.text,
          refusal: null,
          ...(answer.toolCalls.length === 0
            ? {}
            : {
                tool_calls: answer.toolCalls.map((call) => ({
                  id: call.id,
                  type: "function",
                  function: { name: call.name, arguments: JSON.stringify(call.input) },
                })),
              }),
        },
        logprobs: null,
        finish_reason: finishOf(answer),
      },
    ],
    usage: usageOf(answer.usage),
    service_tier: "default",
    system_fingerprint: "fp_test",
  };
}

/** The stream's events, ready to be written. The usage comes only when it was asked for. */
export function openaiEvents(id: string, model: string, answer: Answer, includeUsage: boolean): string[] {
  const base = {
    id: `chatcmpl-${id}`,
    object: "chat.completion.chunk",
    created: 1_800_000_000,
    model,
    service_tier: "default",
    system_fingerprint: "fp_test",
  };
  const chunk = (delta: Record<string, unknown>, finish_reason: string | null = null): Record<string, unknown> => ({
    ...base,
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    ...(includeUsage ? { usage: null } : {}),
  });
  const chunks = [chunk({ role: "assistant", content: answer.text === "" ? null : "", refusal: null })];
  for (const content of pieces(answer.text)) chunks.push(chunk({ content }));
  answer.toolCalls.forEach((call, index) => {
    chunks.push(chunk({ tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }] }));
    for (const part of pieces(JSON.stringify(call.input))) chunks.push(chunk({ tool_calls: [{ index, function: { arguments: part } }] }));
  });
  chunks.push(chunk({}, finishOf(answer)));
  if (includeUsage) chunks.push({ ...base, choices: [], usage: usageOf(answer.usage) });
  return [...chunks.map((data) => `data: ${JSON.stringify(data)}\n\n`), "data: [DONE]\n\n"];
}

export function openaiStreamError(type: string): string {
  return `data: ${JSON.stringify({ error: { message: "The server had an error while processing your request.", type, param: null, code: null } })}\n\n`;
}

const ERRORS: Record<number, { type: string; code: string | null }> = {
  400: { type: "invalid_request_error", code: null },
  401: { type: "invalid_request_error", code: "invalid_api_key" },
  403: { type: "invalid_request_error", code: "unsupported_country_region_territory" },
  404: { type: "invalid_request_error", code: "model_not_found" },
  429: { type: "requests", code: "rate_limit_exceeded" },
};

export function openaiRefusal(status: number, message: string, param: string | null = null): Refusal {
  const { type, code } = ERRORS[status] ?? { type: "server_error", code: null };
  return { status, body: { error: { message, type, param, code } } };
}

export const OPENAI_MODELS = {
  object: "list",
  data: ["gpt-6-sol", "gpt-6-luna", "gpt-5.4-mini"].map((id) => ({ id, object: "model", created: 1_700_000_000, owned_by: "openai" })),
};
