import { eq } from "drizzle-orm";
import type { z } from "zod";
import type { Database } from "./database.ts";
import { deployment } from "./schema.ts";

/** A fact about this deployment, parsed by its schema; null: not there, or no longer of that shape. */
export async function readDeployment<T>(db: Database, key: string, schema: z.ZodType<T>): Promise<T | null> {
  const row = await db.select({ value: deployment.value }).from(deployment).where(eq(deployment.key, key)).get();
  if (!row) return null;
  const parsed = schema.safeParse(JSON.parse(row.value));
  return parsed.success ? parsed.data : null;
}

export async function writeDeployment(db: Database, key: string, value: unknown, now: number): Promise<void> {
  const row = { value: JSON.stringify(value), updatedAt: new Date(now) };
  await db
    .insert(deployment)
    .values({ key, ...row })
    .onConflictDoUpdate({ target: deployment.key, set: row });
}
