import { schema001 } from "./001.ts";
import { schema002 } from "./002.ts";
import { schema003 } from "./003.ts";
import { schema004 } from "./004.ts";
import { schema005 } from "./005.ts";
import { schema006 } from "./006.ts";
import { schema007 } from "./007.ts";
import { schema008 } from "./008.ts";

const versions: readonly (readonly string[])[] = [schema001, schema002, schema003, schema004, schema005, schema006, schema007, schema008];

/**
 * Brings a user's object to the newest schema: every missing version in order, in one transaction, at start. Run inside the
 * object's `blockConcurrencyWhile`, so nobody sees a half-made schema.
 */
export function migrateObject(storage: DurableObjectStorage): void {
  const { sql } = storage;
  sql.exec("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY) STRICT");
  const current = Number(sql.exec("SELECT coalesce(max(version), 0) AS version FROM schema_version").one()["version"]);
  if (current >= versions.length) return;
  storage.transactionSync(() => {
    for (const [index, statements] of versions.entries()) {
      const version = index + 1;
      if (version <= current) continue;
      for (const statement of statements) sql.exec(statement);
      sql.exec("INSERT INTO schema_version (version) VALUES (?)", version);
    }
  });
}
