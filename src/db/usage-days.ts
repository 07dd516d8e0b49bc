import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { usageDay, user } from "./schema.ts";

/** What one user's calls of one model, tier and agent came to on one UTC day (`2026-11-21`). */
export type UsageDayRow = typeof usageDay.$inferSelect;

// D1 takes at most 100 bound parameters a statement; a row has ten.
const ROWS_A_STATEMENT = 10;

/**
 * Writes absolute totals, so the same rows may come any number of times. Totals only grow within a day: an older message that comes late (fewer
 * calls) changes nothing. Rows of users that are gone are dropped.
 */
export async function upsertUsageDays(db: Database, rows: readonly UsageDayRow[]): Promise<void> {
  const statements = [];
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    const values = rows
      .slice(from, from + ROWS_A_STATEMENT)
      .map(
        (row) =>
          sql`(${row.userId}, ${row.day}, ${row.model}, ${row.tier}, ${row.agent}, ${row.inputTokens}, ${row.outputTokens}, ${row.cachedInputTokens}, ${row.microUsd}, ${row.calls})`,
      );
    statements.push(
      db
        .insert(usageDay)
        .select(
          sql`SELECT * FROM (VALUES ${sql.join(values, sql`, `)}) AS incoming WHERE EXISTS (SELECT 1 FROM ${user} WHERE ${user.id} = incoming.column1)`,
        )
        .onConflictDoUpdate({
          target: [usageDay.userId, usageDay.day, usageDay.model, usageDay.tier, usageDay.agent],
          set: {
            inputTokens: sql`excluded.input_tokens`,
            outputTokens: sql`excluded.output_tokens`,
            cachedInputTokens: sql`excluded.cached_input_tokens`,
            microUsd: sql`excluded.micro_usd`,
            calls: sql`excluded.calls`,
          },
          setWhere: sql`excluded.calls >= ${usageDay.calls}`,
        }),
    );
  }
  const [first, ...others] = statements;
  if (first) await db.batch([first, ...others]);
}
