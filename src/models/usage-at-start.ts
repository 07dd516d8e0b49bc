import type { LanguageModelV4CustomContent } from "@ai-sdk/provider";
import { z } from "zod";
import type { TokenUsage } from "./prices.ts";

const count = z.number().int().nonnegative();

/** `message_start` of the Messages API ("Streaming messages"): the input is counted before the first word. */
const MessageStart = z.object({
  anthropic: z.object({
    usage: z.object({ input_tokens: count, cache_read_input_tokens: count.nullish(), cache_creation_input_tokens: count.nullish() }),
  }),
});

/** The input's tokens, when the provider tells them at the start of a stream. Other providers tell everything at the end, or not at all. */
export function usageAtStart(part: LanguageModelV4CustomContent): Omit<TokenUsage, "outputTokens"> | null {
  if (part.kind !== "anthropic.message_start") return null;
  const start = MessageStart.safeParse(part.providerMetadata);
  if (!start.success) return null;
  const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens } = start.data.anthropic.usage;
  const cachedInputTokens = cache_read_input_tokens ?? 0;
  const cacheWriteTokens = cache_creation_input_tokens ?? 0;
  return { inputTokens: input_tokens + cachedInputTokens + cacheWriteTokens, cachedInputTokens, cacheWriteTokens };
}
