import { drizzle } from "drizzle-orm/d1";
import type { DrizzleD1Database } from "drizzle-orm/d1";
import { migrations } from "../../migrations/index.ts";
import { migrate } from "./migrate.ts";
import * as schema from "./schema.ts";

/** D1 through drizzle, migrated. What every function in `src/db/` takes. */
export type Database = DrizzleD1Database<typeof schema> & { $client: D1Database };

const ready = new WeakMap<D1Database, Promise<Database>>();

/**
 * The database of this deployment, with every migration applied: the first call in an isolate applies what is missing, later ones
 * wait for it or return at once. A failed attempt is not kept, so the next call tries again.
 */
export function database(env: { DB: D1Database }): Promise<Database> {
  const known = ready.get(env.DB);
  if (known) return known;
  const opening = migrate(env.DB, migrations).then(() => drizzle(env.DB, { schema }));
  ready.set(env.DB, opening);
  opening.catch(() => {
    if (ready.get(env.DB) === opening) ready.delete(env.DB);
  });
  return opening;
}
