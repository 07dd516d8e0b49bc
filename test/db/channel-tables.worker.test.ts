import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { database } from "../../src/db/database.ts";
import type { Database } from "../../src/db/database.ts";
import { findIdentity, identitiesOf, linkIdentity, unlinkIdentity } from "../../src/db/identities.ts";
import { findPairingCode, livePairingCode, putPairingCode, takePairingCode } from "../../src/db/pairing-codes.ts";
import { deleteTelegramBot, findTelegramBot, putTelegramBot, telegramBotsOf } from "../../src/db/telegram-bots.ts";
import { rotateWebhookSecret, webhookGeneration } from "../../src/db/webhook-secrets.ts";
import { user } from "../../src/db/schema.ts";

let db: Database;
const now = Date.UTC(2026, 10, 21);

beforeAll(async () => {
  db = await database(env);
  const at = new Date(now);
  await db.insert(user).values([
    { id: "ana", name: "Ana", email: "ana@example.com", createdAt: at, updatedAt: at },
    { id: "ben", name: "Ben", email: "ben@example.com", createdAt: at, updatedAt: at },
  ]);
});

test("findIdentity() answers null for a sender nobody linked", async () => {
  expect(await findIdentity(db, "telegram:shared:404")).toBeNull();
});

test("linkIdentity() never takes an identity away from another user", async () => {
  expect(await linkIdentity(db, { identity: "telegram:shared:1", userId: "ana", label: "Ana A", now })).toBe("linked");
  expect(await linkIdentity(db, { identity: "telegram:shared:1", userId: "ben", label: "Ben", now })).toBe("taken");
  expect(await linkIdentity(db, { identity: "telegram:shared:1", userId: "ana", label: "Ana B", now })).toBe("linked");
  expect(await findIdentity(db, "telegram:shared:1")).toMatchObject({ userId: "ana", role: "user", suspended: false, authVersion: 0 });
  expect((await identitiesOf(db, "ana")).map((row) => row.label)).toEqual(["Ana B"]);
  expect(await identitiesOf(db, "ben")).toEqual([]);
});

test("unlinkIdentity() removes only the user's own", async () => {
  expect(await unlinkIdentity(db, "ben", "telegram:shared:1")).toBe(false);
  expect(await unlinkIdentity(db, "ana", "telegram:shared:1")).toBe(true);
  expect(await findIdentity(db, "telegram:shared:1")).toBeNull();
});

const code = (codeHash: string, identity: string, expiresAt: number) => ({
  codeHash,
  identity,
  bot: "shared",
  chatId: 5_000_000_000,
  senderName: "Zoë",
  now,
  expiresAt,
});

test("takePairingCode() gives a code to exactly one of two that come together", async () => {
  await putPairingCode(db, code("h1", "telegram:shared:2", now + 1000));
  expect(await findPairingCode(db, "h1", now)).toMatchObject({ chatId: 5_000_000_000, senderName: "Zoë" });
  const taken = await Promise.all([takePairingCode(db, "h1", now), takePairingCode(db, "h1", now)]);
  expect(taken.filter((row) => row !== null)).toHaveLength(1);
  expect(await findPairingCode(db, "h1", now)).toBeNull();
});

test("takePairingCode() refuses an expired code", async () => {
  await putPairingCode(db, code("h2", "telegram:shared:3", now + 1000));
  expect(await takePairingCode(db, "h2", now + 1000)).toBeNull();
  expect(await livePairingCode(db, "telegram:shared:3", now + 1000)).toBeNull();
  expect(await livePairingCode(db, "telegram:shared:3", now + 999)).toMatchObject({ codeHash: "h2" });
});

test("putPairingCode() replaces the sender's earlier code", async () => {
  await putPairingCode(db, code("h3", "telegram:shared:4", now + 1000));
  await putPairingCode(db, code("h4", "telegram:shared:4", now + 1000));
  expect(await findPairingCode(db, "h3", now)).toBeNull();
  expect(await findPairingCode(db, "h4", now)).not.toBeNull();
});

test("putTelegramBot() never takes a bot away from another user", async () => {
  expect(await putTelegramBot(db, { botId: "77", userId: "ana", username: "ana_bot", now })).toBe("stored");
  expect(await putTelegramBot(db, { botId: "77", userId: "ben", username: "ben_bot", now })).toBe("taken");
  expect(await findTelegramBot(db, "77")).toMatchObject({ userId: "ana", username: "ana_bot" });
  expect(await deleteTelegramBot(db, "ben", "77")).toBe(false);
  expect(await telegramBotsOf(db, "ana")).toHaveLength(1);
  expect(await deleteTelegramBot(db, "ana", "77")).toBe(true);
  expect(await findTelegramBot(db, "77")).toBeNull();
});

test("rotateWebhookSecret() counts up from 1, and nobody has a secret before", async () => {
  expect(await webhookGeneration(db, "ben")).toBeNull();
  expect(await rotateWebhookSecret(db, "ben")).toBe(1);
  expect(await rotateWebhookSecret(db, "ben")).toBe(2);
  expect(await webhookGeneration(db, "ben")).toBe(2);
});
