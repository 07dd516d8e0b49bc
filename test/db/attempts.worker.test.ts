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
