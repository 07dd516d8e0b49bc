import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { type Database, database } from "../../src/db/database.ts";
import {
  claimMailbox,
  dropMailLink,
  findMailbox,
  mailboxOf,
  mailLinksOf,
  MAX_MAILBOXES,
  putMailLink,
  takeMailLink,
} from "../../src/db/mailboxes.ts";
import { user } from "../../src/db/schema.ts";

let db: Database;
const NOW = 1_795_000_000_000;

beforeAll(async () => {
  db = await database(env);
});

/** A user of their own for each test. */
async function someone(): Promise<string> {
  const id = `user-${crypto.randomUUID()}`;
  const at = new Date(NOW);
  await db
    .insert(user)
    .values({ id, name: "Ana", email: `${id}@example.com`, emailVerified: true, role: "user", createdAt: at, updatedAt: at });
  return id;
}
const name = (): string => `n-${crypto.randomUUID()}`;

describe("claimMailbox()", () => {
  test("gives a name to the first, and to one of many who ask at once", async () => {
    const users = await Promise.all(Array.from({ length: 5 }, someone));
    const local = name();
    const claims = await Promise.all(users.map((userId) => claimMailbox(db, { userId, local, now: NOW })));
    expect(claims.filter((claim) => claim === "claimed")).toHaveLength(1);
    const owner = users[claims.indexOf("claimed")];
    expect(await findMailbox(db, local)).toEqual({ userId: owner, local, open: true });
  });

  test("has one mailbox of a user open, however they ask", async () => {
    const userId = await someone();
    const locals = Array.from({ length: 5 }, name);
    await Promise.all(locals.map((local) => claimMailbox(db, { userId, local, now: NOW })));
    const open = (await Promise.all(locals.map((local) => findMailbox(db, local)))).filter((box) => box?.open);
    expect(open).toHaveLength(1);
    expect(await mailboxOf(db, userId)).toBe(open[0]?.local);
  });

  test("keeps a user's earlier names for them, up to ten", async () => {
    const [userId, other] = [await someone(), await someone()];
    const locals = Array.from({ length: MAX_MAILBOXES }, name);
    for (const local of locals) expect(await claimMailbox(db, { userId, local, now: NOW })).toBe("claimed");
    expect(await claimMailbox(db, { userId, local: name(), now: NOW })).toBe("too_many");
    expect(await claimMailbox(db, { userId: other, local: locals[0] ?? "", now: NOW })).toBe("taken");
    expect(await claimMailbox(db, { userId, local: locals[0] ?? "", now: NOW })).toBe("claimed");
    expect(await mailboxOf(db, userId)).toBe(locals[0]);
    expect(await findMailbox(db, locals[9] ?? "")).toMatchObject({ userId, open: false });
  });
});

describe("a code for an address", () => {
  const link = (userId: string, change: object = {}) => ({
    userId,
    address: "ana@example.com",
    codeHash: "hash",
    now: NOW,
    expiresAt: NOW + 1000,
    ...change,
  });

  test("is used once, by one of many mails", async () => {
    const userId = await someone();
    await putMailLink(db, link(userId));
    const taken = await Promise.all(Array.from({ length: 5 }, () => takeMailLink(db, link(userId))));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  test("is good for its user, address, code and time only, and a newer one takes its place", async () => {
    const [userId, other] = [await someone(), await someone()];
    await putMailLink(db, link(userId, { codeHash: "older" }));
    await putMailLink(db, link(userId));
    for (const wrong of [{ userId: other }, { address: "bob@example.com" }, { codeHash: "older" }, { now: NOW + 1000 }])
      expect(await takeMailLink(db, link(userId, wrong))).toBe(false);
    expect(await mailLinksOf(db, userId, NOW)).toHaveLength(1);
    expect(await mailLinksOf(db, userId, NOW + 1000)).toEqual([]);
    expect(await dropMailLink(db, other, "ana@example.com")).toBe(false);
    expect(await dropMailLink(db, userId, "ana@example.com")).toBe(true);
    expect(await takeMailLink(db, link(userId))).toBe(false);
  });

  test("waits for ten addresses at most", async () => {
    const userId = await someone();
    for (let index = 0; index < 10; index++) expect(await putMailLink(db, link(userId, { address: `a${index}@example.com` }))).toBe(true);
    expect(await putMailLink(db, link(userId, { address: "more@example.com" }))).toBe(false);
    expect(await putMailLink(db, link(userId, { address: "a1@example.com" }))).toBe(true);
  });
});
