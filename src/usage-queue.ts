import { z } from "zod";
import { database } from "./db/database.ts";
import { upsertUsageDays } from "./db/usage-days.ts";
import type { Env } from "./env.ts";
import { log } from "./log.ts";

const count = z.number().int().nonnegative();

/** What a user's object tells D1 of a day: absolute totals, so that a message delivered twice changes nothing. */
const UsageMessage = z.object({
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

/** Writes roll-ups of many users to D1 in one go. A message that is not ours is dropped with a log line; a failing D1 is tried again. */
export async function handleUsage(batch: MessageBatch, env: Env): Promise<void> {
  const rows = batch.messages.flatMap((message) => {
    const parsed = UsageMessage.safeParse(message.body);
    if (!parsed.success) log("usage_message_invalid", { id: message.id }, "warn");
    return parsed.success ? parsed.data.rows.map((row) => ({ userId: parsed.data.userId, ...row })) : [];
  });
  if (rows.length > 0) await upsertUsageDays(await database(env), rows);
}
