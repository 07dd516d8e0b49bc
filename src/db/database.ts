import { drizzle } from "drizzle-orm/d1";
import type { DrizzleD1Database } from "drizzle-orm/d1";
import { migrations } from "../../migrations/index.ts";
import { migrate } from "./migrate.ts";
import * as schema from "./schema.ts";

/** D1 through drizzle, migrated. What every function in `src/db/` takes. */
export type Database = DrizzleD1Database<typeof schema> & { $client: D1Database };

const ready = new WeakMap<D1Database, Database>();

/**
 * The database of this deployment, with every migration applied: the first calls in an isolate apply what is missing, later ones return at once. Only what came of it is kept. Who asked
 * may be ended in the middle, and then nothing more comes of their attempt: whoever waited for it would wait for ever.
 */
export async function database(env: { DB: D1Database }): Promise<Database> {
  const known = ready.get(env.DB);
  if (known) return known;
  await migrate(env.DB, migrations);
  const opened = ready.get(env.DB) ?? drizzle(env.DB, { schema });
  ready.set(env.DB, opened);
  return opened;
}
