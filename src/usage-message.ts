import { z } from "zod";
import type { DirtyDay } from "./db/object/usage.ts";

const count = z.number().int().nonnegative();

/** What a user's object tells D1 of a day, through the queue: absolute totals, so that a message delivered twice changes nothing. */
export const UsageMessage = z.object({
  userId: z.string().min(1).max(64),
  rows: z
    .array(
      z.object({
        day: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
        model: z.string().max(300),
        tier: z.string().max(20),
        agent: z.string().max(100),
        inputTokens: count,
        outputTokens: count,
        cachedInputTokens: count,
        microUsd: z.number().nonnegative().nullable(),
        calls: count,
      }),
    )
    .max(1000),
});
export type UsageMessage = z.infer<typeof UsageMessage>;

/** The days of a user as the queue takes them. */
export const usageMessage = (userId: string, days: readonly DirtyDay[]): UsageMessage => ({
  userId,
  rows: days.map(({ day, model, tier, agent, ...sums }) => ({
    day,
    model,
    tier,
    agent,
    inputTokens: sums.input_tokens,
    outputTokens: sums.output_tokens,
    cachedInputTokens: sums.cached_input_tokens,
    microUsd: sums.cost_micro_usd,
    calls: sums.model_calls,
  })),
});
