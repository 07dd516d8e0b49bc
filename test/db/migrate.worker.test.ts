import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { migrate, statementsOf } from "../../src/db/migrate.ts";
import { database } from "../../src/db/database.ts";
import { migrations } from "../../migrations/index.ts";

const two = [
  { name: "0001_a.sql", sql: "CREATE TABLE a (id INTEGER PRIMARY KEY);\n--> statement-breakpoint\nINSERT INTO a VALUES (1);" },
  { name: "0002_b.sql", sql: "CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a(id));" },
];

async function tables(): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' ORDER BY name",
  ).all<{ name: string }>();
  return results.map((row) => row.name);
}

const recorded = async () =>
  (
    await env.DB.prepare("SELECT id, name, applied_at FROM d1_migrations ORDER BY id").all<{
      id: number;
      name: string;
      applied_at: string;
    }>()
  ).results;

beforeEach(async () => {
  const names = await tables();
  await env.DB.batch([
    env.DB.prepare("PRAGMA defer_foreign_keys = on"),
    ...names.map((name) => env.DB.prepare(`DROP TABLE IF EXISTS "${name}"`)),
    env.DB.prepare("SELECT 1"),
  ]);
});

test("migrate() applies everything in order and records file names as wrangler does", async () => {
  expect(await migrate(env.DB, two)).toEqual(["0001_a.sql", "0002_b.sql"]);
  expect(await tables()).toEqual(["a", "b", "d1_migrations"]);
  const rows = await recorded();
  expect(rows.map(({ id, name }) => [id, name])).toEqual([
    [1, "0001_a.sql"],
    [2, "0002_b.sql"],
  ]);
  // CURRENT_TIMESTAMP's own format, the one wrangler lists.
  expect(rows[0]?.applied_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
});

test("migrate() does nothing the second time", async () => {
  await migrate(env.DB, two);
  expect(await migrate(env.DB, two)).toEqual([]);
  expect(await recorded()).toHaveLength(2);
});

test("migrate() applies only what a database lacks", async () => {
  await migrate(env.DB, two.slice(0, 1));
  expect(await migrate(env.DB, two)).toEqual(["0002_b.sql"]);
});

test("migrate() started by several isolates at once applies each migration once", async () => {
  const answers = await Promise.all([migrate(env.DB, two), migrate(env.DB, two), migrate(env.DB, two), migrate(env.DB, two)]);
  expect(answers.flat().toSorted()).toEqual(["0001_a.sql", "0002_b.sql"]);
  expect((await env.DB.prepare("SELECT count(*) AS n FROM a").first<{ n: number }>())?.n).toBe(1);
  expect(await recorded()).toHaveLength(2);
});

test("migrate() leaves nothing of a migration that fails in the middle, and can be repeated", async () => {
  const [first] = two;
  const broken = { name: "0002_b.sql", sql: "CREATE TABLE b (id INTEGER);\n--> statement-breakpoint\nINSERT INTO missing VALUES (1);" };
  await expect(migrate(env.DB, [first!, broken])).rejects.toThrow(/missing/);
  expect(await tables()).toEqual(["a", "d1_migrations"]);
  expect((await recorded()).map((row) => row.name)).toEqual(["0001_a.sql"]);
  expect(await migrate(env.DB, two)).toEqual(["0002_b.sql"]);
});

test("statementsOf() splits at drizzle's breakpoints only and drops empty parts", () => {
  expect(
    statementsOf("CREATE TABLE t (a TEXT DEFAULT ';');--> statement-breakpoint\nCREATE INDEX i ON t (a);\n--> statement-breakpoint\n"),
  ).toEqual(["CREATE TABLE t (a TEXT DEFAULT ';');", "CREATE INDEX i ON t (a);"]);
});

test("the bundled migrations build the schema that the code uses", async () => {
  expect(await migrate(env.DB, migrations)).toEqual(migrations.map((migration) => migration.name));
  expect(await tables()).toEqual(
    expect.arrayContaining(["user", "session", "account", "apikey", "identity", "usage_day", "d1_migrations"]),
  );
});

/** D1 whose first batch comes to this. */
function onceFirst(comesTo: () => Promise<never>): D1Database {
  let left = 1;
  return new Proxy(env.DB, {
    get(target, property) {
      if (property === "batch" && left-- > 0) return comesTo;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

test("database() waits for no attempt but its own: whoever made another may have been ended in the middle of it", async () => {
  const DB = onceFirst(() => new Promise(() => undefined));
  void database({ DB });
  expect(await (await database({ DB })).query.user.findMany()).toEqual([]);
});

test("database() retries after a failed attempt and then answers from one migrated handle", async () => {
  const flaky = onceFirst(() => Promise.reject(new Error("D1 is away")));
  await expect(database({ DB: flaky })).rejects.toThrow("D1 is away");
  const db = await database({ DB: flaky });
  expect(await db.query.user.findMany()).toEqual([]);
  expect(await database({ DB: flaky })).toBe(db);
});
