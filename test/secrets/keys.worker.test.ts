import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { Env } from "../../src/env.ts";
import { hex as hexOf, utf8 } from "../../src/secrets/bytes.ts";
import { derivedKey, keyWarnings } from "../../src/secrets/keys.ts";
import { deriveFrom } from "../../src/secrets/derive.ts";

const ONE = "the-first-master-key-of-32-characters-or-more";
const TWO = "the-second-master-key-of-32-characters-or-more";

/** The test environment with other keys. */
function withKeys(keys: { MASTER_KEY?: string; MASTER_KEY_PREVIOUS?: string }): Env {
  const { MASTER_KEY: _now, MASTER_KEY_PREVIOUS: _before, ...rest } = env;
  return { ...rest, ...keys };
}

const hex = (bytes: Uint8Array | undefined) => hexOf(bytes ?? new Uint8Array());

test("deriveFrom() is HKDF-SHA256 as RFC 5869 defines it", async () => {
  // Extract and expand written out by hand with HMAC alone.
  const hmac = async (key: Uint8Array<ArrayBuffer>, data: Uint8Array<ArrayBuffer>) =>
    new Uint8Array(
      await crypto.subtle.sign("HMAC", await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]), data),
    );
  const text = utf8;
  const prk = await hmac(text("margay keys 1"), text(ONE));
  const expected = await hmac(prk, new Uint8Array([...text('["vault","ana"]'), 1]));
  expect(hex((await deriveFrom(text(ONE), "vault", "ana")).bytes)).toBe(hex(expected));
});

test("derivedKey() gives every purpose and subject a key of its own, and the same one every time", async () => {
  const e = withKeys({ MASTER_KEY: ONE });
  const keys = await Promise.all([
    derivedKey(e, "vault", "a"),
    derivedKey(e, "vault", "b"),
    derivedKey(e, "auth", "a"),
    derivedKey(e, "vault", "a"),
  ]);
  expect(new Set(keys.slice(0, 3).map((key) => hex(key.bytes))).size).toBe(3);
  expect(hex(keys[3]?.bytes)).toBe(hex(keys[0]?.bytes));
  expect(keys[0]?.bytes).toHaveLength(32);
  expect(new Set(keys.map((key) => key.keyId)).size).toBe(1);
});

test("derivedKey() gives the key of MASTER_KEY_PREVIOUS as previous", async () => {
  const [before, after] = [
    await derivedKey(withKeys({ MASTER_KEY: ONE }), "vault", "a"),
    withKeys({ MASTER_KEY: TWO, MASTER_KEY_PREVIOUS: ONE }),
  ];
  const rotated = await derivedKey(after, "vault", "a");
  expect(rotated.keyId).not.toBe(before.keyId);
  expect(rotated.previous?.keyId).toBe(before.keyId);
  expect(hex(rotated.previous?.bytes)).toBe(hex(before.bytes));
});

test("derivedKey() makes no Keyring root where MASTER_KEY is set, and then has no previous", async () => {
  expect((await derivedKey(withKeys({ MASTER_KEY: ONE }), "vault", "a")).previous).toBeNull();
  await runInDurableObject(env.KEYRING.getByName("keyring"), (_object, state) => {
    expect(state.storage.sql.exec("SELECT * FROM root").toArray()).toEqual([]);
  });
});

test("derivedKey() uses one random Keyring root where MASTER_KEY is not set, and retires it once it is", async () => {
  const bare = withKeys({});
  const together = await Promise.all([
    derivedKey(bare, "vault", "a"),
    derivedKey(bare, "vault", "a"),
    derivedKey(withKeys({}), "vault", "a"),
  ]);
  expect(new Set(together.map((key) => hex(key.bytes))).size).toBe(1);
  const kept = together[0];
  const later = await derivedKey(withKeys({ MASTER_KEY: ONE, MASTER_KEY_PREVIOUS: TWO }), "vault", "a");
  expect(later.retired).toHaveLength(2);
  expect(later.previous).toBe(later.retired[0]);
  expect(later.retired[1]?.keyId).toBe(kept?.keyId);
  expect(hex(later.retired[1]?.bytes)).toBe(hex(kept?.bytes));
  const only = await derivedKey(withKeys({ MASTER_KEY: ONE }), "vault", "a");
  expect(only.previous?.keyId).toBe(kept?.keyId);
});

test("Keyring gives out derived keys only, never its root", async () => {
  await derivedKey(withKeys({}), "vault", "a");
  await runInDurableObject(env.KEYRING.getByName("keyring"), async (object, state) => {
    const [row] = state.storage.sql.exec<{ bytes: ArrayBuffer }>("SELECT bytes FROM root").toArray();
    const root = hex(new Uint8Array(row?.bytes ?? new ArrayBuffer(0)));
    expect(root).toHaveLength(64);
    const part = await object.derive("vault", "a");
    expect(JSON.stringify([part.keyId, hex(part.bytes)])).not.toContain(root);
    await expect(object.derive("anything else", "a")).rejects.toThrow(/Invalid/);
    expect(Object.getOwnPropertyNames(Object.getPrototypeOf(object)).toSorted()).toEqual(["constructor", "derive", "deriveExisting"]);
  });
});

test("keyWarnings() tells the owner when the Keyring is in use", () => {
  expect(keyWarnings(withKeys({}))).toEqual([expect.stringContaining("MASTER_KEY")]);
  expect(keyWarnings(withKeys({ MASTER_KEY: "too short" }))).toHaveLength(1);
  expect(keyWarnings(withKeys({ MASTER_KEY: ONE }))).toEqual([]);
});
