import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { utf8 } from "../../src/secrets/bytes.ts";
import { deriveFrom } from "../../src/secrets/derive.ts";
import type { DerivedKey } from "../../src/secrets/keys.ts";
import { Vault, vaultSchema, vaultUseSchema } from "../../src/secrets/vault.ts";

// Hundreds of encryptions, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

async function key(current: string, userId: string, ...earlier: string[]): Promise<DerivedKey> {
  const part = await deriveFrom(utf8(current), "vault", userId);
  const retired = await Promise.all(earlier.map((text) => deriveFrom(utf8(text), "vault", userId)));
  return { ...part, retired, previous: retired[0] ?? null };
}

/** Runs with the SQLite of a real object; each test has an object of its own. */
function withSql(name: string, work: (sql: SqlStorage) => Promise<void>): Promise<void> {
  return runInDurableObject(env.KEYRING.getByName(`vault-test:${name}`), async (_object, state) => {
    for (const statement of [...vaultSchema, ...vaultUseSchema]) state.storage.sql.exec(statement);
    await work(state.storage.sql);
  });
}

const vault = (sql: SqlStorage, userId: string, current: string, ...earlier: string[]) =>
  new Vault({ sql, userId, key: () => key(current, userId, ...earlier), now: () => 1000 });

test("Vault.get() gives back any string that put() stored", async () => {
  await withSql("any", async (sql) => {
    const ana = vault(sql, "ana", "root-1");
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), fc.string({ unit: "binary", minLength: 1 }), async (value, name) => {
        await ana.put(name, value);
        expect(await ana.get(name)).toBe(value);
      }),
      { numRuns: 60 },
    );
    for (const value of ["", "\ud800", "a\0b", "𝒳".repeat(500), "‮x"]) {
      await ana.put("edge", value);
      expect(await ana.get("edge")).toBe(value);
    }
  });
});

test("Vault stores no part of the value in clear but its last four", async () => {
  await withSql("clear", async (sql) => {
    expect(await vault(sql, "ana", "root-1").put("anthropic", "sk-ant-secret-value-wxyz")).toEqual({ name: "anthropic", lastFour: "wxyz" });
    const [row] = sql.exec("SELECT * FROM vault").toArray();
    const text = Object.values(row ?? {})
      .map((value) => (value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : String(value)))
      .join("|");
    expect(text).not.toContain("sk-ant");
    expect(text).not.toContain("secret-value");
  });
});

test("Vault shows no last four of a short value", async () => {
  await withSql("short", async (sql) => {
    expect(await vault(sql, "ana", "root-1").put("pin", "1234")).toEqual({ name: "pin", lastFour: "" });
    expect(await vault(sql, "ana", "root-1").put("pin", "0123456789🙂🙂")).toEqual({ name: "pin", lastFour: "89🙂🙂" });
  });
});

test("Vault.put() of a new value leaves where it may go as it is by then, also where that was narrowed while it was sealed", async () => {
  await withSql("use", async (sql) => {
    const ana = vault(sql, "ana", "root-1");
    const use = { hosts: ["api.example.com"], place: "bearer" as const };
    await ana.put("token", "the first value", use);
    await ana.put("token", "the second value");
    expect([ana.useOf("token"), await ana.get("token")]).toEqual([use, "the second value"]);
    const put = ana.put("token", "the third value");
    ana.setUse("token", null);
    await put;
    expect([ana.useOf("token"), await ana.get("token")]).toEqual([null, "the third value"]);
    await ana.put("token", "the fourth value", use);
    ana.delete("token");
    await ana.put("token", "another");
    expect(ana.useOf("token")).toBeNull();
  });
});

test("Vault uses a new IV for every write", async () => {
  await withSql("iv", async (sql) => {
    const ana = vault(sql, "ana", "root-1");
    const seen = new Set<string>();
    for (let n = 0; n < 20; n++) {
      await ana.put("same", "same value every time");
      const [row] = sql.exec<{ iv: ArrayBuffer }>("SELECT iv FROM vault").toArray();
      seen.add(String(new Uint8Array(row?.iv ?? new ArrayBuffer(0))));
    }
    expect(seen.size).toBe(20);
  });
});

test("Vault refuses a row moved to another name", async () => {
  await withSql("names", async (sql) => {
    const ana = vault(sql, "ana", "root-1");
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (one, two) => {
        await ana.put("a", one);
        await ana.put("b", two);
        sql.exec(
          "UPDATE vault SET name = 'c' WHERE name = 'a'; UPDATE vault SET name = 'a' WHERE name = 'b'; UPDATE vault SET name = 'b' WHERE name = 'c'",
        );
        await expect(ana.get("a")).rejects.toMatchObject({ code: "not_configured" });
        await expect(ana.get("b")).rejects.toMatchObject({ code: "not_configured" });
      }),
      { numRuns: 20 },
    );
  });
});

test("Vault refuses another user's row, even under the very same key", async () => {
  await withSql("users", async (sql) => {
    const shared = await key("root-1", "ana");
    const of = (userId: string) => new Vault({ sql, userId, key: async () => shared, now: () => 1 });
    await of("ana").put("token", "ana's own secret");
    await expect(of("ben").get("token")).rejects.toMatchObject({ code: "not_configured" });
    await expect(vault(sql, "ben", "root-1").get("token")).rejects.toMatchObject({ code: "not_configured" });
    expect(await of("ana").get("token")).toBe("ana's own secret");
  });
});

test("Vault refuses changed bytes", async () => {
  await withSql("changed", async (sql) => {
    const ana = vault(sql, "ana", "root-1");
    await ana.put("token", "a secret value");
    const [row] = sql.exec<{ sealed: ArrayBuffer }>("SELECT sealed FROM vault").toArray();
    const sealed = new Uint8Array(row?.sealed ?? new ArrayBuffer(0));
    sealed[0] = (sealed[0] ?? 0) ^ 1;
    sql.exec("UPDATE vault SET sealed = ?", sealed.buffer);
    await expect(ana.get("token")).rejects.toMatchObject({ code: "not_configured" });
  });
});

test("Vault says what to do when the key is gone, keeps the row, and opens it once the key is back", async () => {
  await withSql("gone", async (sql) => {
    await vault(sql, "ana", "root-1").put("token", "a secret value");
    await expect(vault(sql, "ana", "root-2").get("token")).rejects.toMatchObject({
      code: "not_configured",
      message: expect.stringContaining("MASTER_KEY_PREVIOUS"),
    });
    expect(await vault(sql, "ana", "root-2", "root-1").get("token")).toBe("a secret value");
  });
});

test("Vault encrypts an older row again on read, so that the older key can go", async () => {
  await withSql("rewrap", async (sql) => {
    await vault(sql, "ana", "root-1").put("token", "a secret value");
    expect(await vault(sql, "ana", "root-3", "root-2", "root-1").get("token")).toBe("a secret value");
    expect(await vault(sql, "ana", "root-3").get("token")).toBe("a secret value");
    expect(vault(sql, "ana", "root-3").list()).toMatchObject([
      { name: "token", lastFour: "alue", updatedAt: 1000, usedAt: 1000, use: null },
    ]);
  });
});

test("Vault keeps a value that is put while an older row is being encrypted again", async () => {
  await withSql("race", async (sql) => {
    await vault(sql, "ana", "root-1").put("token", "the older value");
    const ana = vault(sql, "ana", "root-2", "root-1");
    const reading = ana.get("token");
    await ana.put("token", "the newer value");
    await reading;
    expect(await vault(sql, "ana", "root-2").get("token")).toBe("the newer value");
  });
});

test("Vault.delete() forgets, and says whether there was something", async () => {
  await withSql("delete", async (sql) => {
    const ana = vault(sql, "ana", "root-1");
    await ana.put("token", "a secret value");
    expect(ana.delete("token")).toBe(true);
    expect(ana.delete("token")).toBe(false);
    expect(await ana.get("token")).toBeNull();
    expect(ana.list()).toEqual([]);
  });
});

test("Vault.all() gives the password of a sign-in by itself too, since it is typed by itself, but for one that is a word", async () => {
  await withSql("halves", async (sql) => {
    const ana = vault(sql, "ana", "root-1");
    const use = { hosts: ["shop.example"], place: "basic" as const };
    await ana.put("shop", "ana:correct horse", use);
    await ana.put("forum", "ana:welcome", use);
    await ana.put("plain", "a:b:c-1234567");
    expect(await ana.all()).toEqual([
      { name: "forum", value: "ana:welcome" },
      { name: "plain", value: "a:b:c-1234567" },
      { name: "shop", value: "ana:correct horse" },
      { name: "shop", value: "correct horse" },
    ]);
  });
});
