import { eq, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { webhookSecret } from "./schema.ts";

/** Which webhook signing secret is valid for a user, from 1; null: they have none yet, so no signature is valid. */
export async function webhookGeneration(db: Database, userId: string): Promise<number | null> {
  const row = await db.select({ generation: webhookSecret.generation }).from(webhookSecret).where(eq(webhookSecret.userId, userId)).get();
  return row?.generation ?? null;
}

/** Makes the first secret or replaces the current one; returns the new number. */
export async function rotateWebhookSecret(db: Database, userId: string): Promise<number> {
  const row = await db
    .insert(webhookSecret)
    .values({ userId, generation: 1 })
    .onConflictDoUpdate({ target: webhookSecret.userId, set: { generation: sql`${webhookSecret.generation} + 1` } })
    .returning({ generation: webhookSecret.generation })
    .get();
  return row.generation;
}
