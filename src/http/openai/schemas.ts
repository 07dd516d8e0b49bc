import { z } from "zod";

export const CompletionUsage = z.object({
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  total_tokens: z.number().int(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().int() }),
});
export type CompletionUsage = z.infer<typeof CompletionUsage>;

/** Why the answer ended: all said, cut at the model's length limit, or the model declined. */
export const FinishReason = z.enum(["stop", "length", "content_filter"]);
export type FinishReason = z.infer<typeof FinishReason>;

/** The answer of a request that does not stream (OpenAI API reference, "The chat completion object"). */
export const ChatCompletion = z.object({
  id: z.string(),
  object: z.literal("chat.completion"),
  /** Unix seconds. */
  created: z.number().int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.number().int(),
      message: z.object({ role: z.literal("assistant"), content: z.string(), refusal: z.null() }),
      logprobs: z.null(),
      finish_reason: FinishReason,
    }),
  ),
  usage: CompletionUsage,
});
export type ChatCompletion = z.infer<typeof ChatCompletion>;

/** One `data:` of a stream (OpenAI API reference, "The chat completion chunk object"). */
export interface ChatCompletionChunk {
  id: string;
  object: "chat.completion.chunk";
  created: number;
  model: string;
  choices: {
    index: number;
    delta: { role?: "assistant"; content?: string };
    logprobs: null;
    finish_reason: FinishReason | null;
  }[];
  /** Only where the client asked for usage; null on all but the last chunk. */
  usage?: CompletionUsage | null;
}

export const ModelObject = z.object({ id: z.string(), object: z.literal("model"), created: z.number().int(), owned_by: z.string() });
export type ModelObject = z.infer<typeof ModelObject>;
export const ModelList = z.object({ object: z.literal("list"), data: z.array(ModelObject) });
