import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { z } from "zod";
import { clearAttempts, countAttempts } from "../../src/db/attempts.ts";
import { database } from "../../src/db/database.ts";
import { readDeployment, writeDeployment } from "../../src/db/deployment.ts";

const at = Date.UTC(2026, 10, 21);

test("countAttempts() admits exactly the limit, also when all come at once", async () => {
  const db = await database(env);
  const answers = await Promise.all(Array.from({ length: 30 }, () => countAttempts(db, [{ key: "door", limit: 10 }], 1000, at)));
  expect(answers.filter((until) => until === null)).toHaveLength(10);
  expect(new Set(answers.filter((until) => until !== null))).toEqual(new Set([at + 1000]));
});

test("countAttempts() does not lengthen the window by failures, and begins a new one after it", async () => {
  const db = await database(env);
  const attempt = (now: number) => countAttempts(db, [{ key: "window", limit: 1 }], 1000, now);
  expect(await attempt(at)).toBeNull();
  expect(await attempt(at + 900)).toBe(at + 1000);
  expect(await attempt(at + 999)).toBe(at + 1000);
  expect(await attempt(at + 1000)).toBeNull();
  expect(await attempt(at + 1001)).toBe(at + 2000);
});

test("countAttempts() counts nothing under the keys behind one that is full, so that failing on uses up nothing of others'", async () => {
  const db = await database(env);
  const keys = (name: string) => [
    { key: `one network, ${name}`, limit: 100 },
    { key: "one network", limit: 3 },
    { key: `victim, ${name}`, limit: 5 },
  ];
  const answers = [];
  for (let time = 0; time < 20; time++) answers.push(await countAttempts(db, keys("ada"), 1000, at));
  expect(answers.filter((until) => until === null)).toHaveLength(3);
  const rows = async () => (await env.DB.prepare("SELECT key, count FROM attempt WHERE key LIKE 'victim%' ORDER BY key").all()).results;
  expect(await rows()).toEqual([{ key: "victim, ada", count: 3 }]);
  await countAttempts(db, keys("bob"), 1000, at);
  expect(await rows()).toHaveLength(1);
  const other = [
    { key: "another network", limit: 3 },
    { key: "victim, ada", limit: 5 },
  ];
  expect(await countAttempts(db, other, 1000, at)).toBeNull();
});

test("countAttempts() refuses when any of the keys is full", async () => {
  const db = await database(env);
  await countAttempts(db, [{ key: "full", limit: 1 }], 1000, at);
  const keys = [
    { key: "roomy", limit: 100 },
    { key: "full", limit: 1 },
  ];
  expect(await countAttempts(db, keys, 1000, at)).toBe(at + 1000);
  await clearAttempts(db, ["full"]);
  expect(await countAttempts(db, keys, 1000, at)).toBeNull();
});

test("readDeployment() gives back what writeDeployment() wrote, and null for what is missing or of another shape", async () => {
  const db = await database(env);
  const Fact = z.object({ size: z.number() });
  expect(await readDeployment(db, "fact", Fact)).toBeNull();
  await writeDeployment(db, "fact", { size: 1 }, at);
  await writeDeployment(db, "fact", { size: 2 }, at);
  expect(await readDeployment(db, "fact", Fact)).toEqual({ size: 2 });
  expect(await readDeployment(db, "fact", z.object({ other: z.string() }))).toBeNull();
});
