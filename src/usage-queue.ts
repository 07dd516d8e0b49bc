import { database } from "./db/database.ts";
import { upsertUsageDays } from "./db/usage-days.ts";
import type { Env } from "./env.ts";
import { log } from "./log.ts";
import { UsageMessage } from "./usage-message.ts";

/** Writes roll-ups of many users to D1 in one go. A message that is not ours is dropped with a log line; a failing D1 is tried again. */
export async function handleUsage(batch: MessageBatch, env: Env): Promise<void> {
  const rows = batch.messages.flatMap((message) => {
    const parsed = UsageMessage.safeParse(message.body);
    if (!parsed.success) log("usage_message_invalid", { id: message.id }, "warn");
    return parsed.success ? parsed.data.rows.map((row) => ({ userId: parsed.data.userId, ...row })) : [];
  });
  if (rows.length > 0) await upsertUsageDays(await database(env), rows);
}
