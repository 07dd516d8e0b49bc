import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { database } from "../../src/db/database.ts";
import { user } from "../../src/db/schema.ts";
import { upsertUsageDays, type UsageDayRow } from "../../src/db/usage-days.ts";

const at = new Date(0);
const row = (patch: Partial<UsageDayRow> = {}): UsageDayRow => ({
  userId: "ana",
  day: "2026-11-21",
  model: "a/one",
  tier: "smart",
  agent: "coordinator",
  inputTokens: 10,
  outputTokens: 5,
  cachedInputTokens: 2,
  microUsd: 100,
  calls: 1,
  ...patch,
});
const stored = async () =>
  (await env.DB.prepare("SELECT user_id, model, input_tokens, micro_usd, calls FROM usage_day ORDER BY user_id, model").all()).results;

beforeAll(async () => {
  await (await database(env)).insert(user).values({ id: "ana", name: "Ana", email: "ana@example.com", createdAt: at, updatedAt: at });
});

test("upsertUsageDays() stores absolute totals, the same however often and in whatever order they come", async () => {
  const db = await database(env);
  const older = row();
  const newer = row({ inputTokens: 30, microUsd: 250, calls: 3 });
  await upsertUsageDays(db, [older]);
  await upsertUsageDays(db, [newer, newer]);
  await upsertUsageDays(db, [older]);
  await upsertUsageDays(db, [newer]);
  expect(await stored()).toEqual([{ user_id: "ana", model: "a/one", input_tokens: 30, micro_usd: 250, calls: 3 }]);
});

test("upsertUsageDays() keeps an unknown price unknown", async () => {
  await upsertUsageDays(await database(env), [row({ model: "a/unpriced", microUsd: null })]);
  expect(await stored()).toContainEqual({ user_id: "ana", model: "a/unpriced", input_tokens: 10, micro_usd: null, calls: 1 });
});

test("upsertUsageDays() drops rows of users that are gone and keeps the others", async () => {
  await upsertUsageDays(await database(env), [row({ userId: "ghost" }), row({ model: "a/kept" })]);
  const rows = await stored();
  expect(rows.filter((entry) => entry.user_id === "ghost")).toEqual([]);
  expect(rows).toContainEqual(expect.objectContaining({ model: "a/kept" }));
});

test("upsertUsageDays() takes a whole queue batch of rows at once, and none", async () => {
  const db = await database(env);
  await upsertUsageDays(db, []);
  await upsertUsageDays(
    db,
    Array.from({ length: 250 }, (_, n) => row({ model: `bulk/${String(n).padStart(3, "0")}` })),
  );
  expect((await stored()).filter((entry) => String(entry.model).startsWith("bulk/"))).toHaveLength(250);
});
