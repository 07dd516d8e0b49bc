import { z } from "zod";
import { Text } from "../fields.ts";

/** One part of a message's content. Only text and images are read; other types are refused by name. */
const Part = z.looseObject({
  type: z.string().max(50),
  text: Text.optional(),
  refusal: Text.optional(),
  image_url: z.union([z.string(), z.looseObject({ url: z.string() })]).optional(),
});
export type Part = z.infer<typeof Part>;

const Message = z.looseObject({
  /** `system`, `developer`, `user` or `assistant`. */
  role: z.string().max(50),
  content: z.union([Text, z.array(Part).max(500)]).nullish(),
  tool_calls: z.array(z.unknown()).nullish(),
  function_call: z.unknown().optional(),
});
export type Message = z.infer<typeof Message>;

/**
 * What is read of a chat completion request (OpenAI API reference, "Create chat completion"). Clients send many more parameters
 * (`temperature`, `max_tokens`, `user` …); they are accepted and have no effect.
 */
export const CompletionRequest = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z.array(Message).min(1).max(5000),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.number().int().nullish(),
  modalities: z.array(z.string().max(50)).nullish(),
  audio: z.unknown().optional(),
  tools: z.array(z.unknown()).nullish(),
  functions: z.array(z.unknown()).nullish(),
  response_format: z.looseObject({ type: z.string().max(50) }).nullish(),
  logprobs: z.boolean().nullish(),
});
export type CompletionRequest = z.infer<typeof CompletionRequest>;
