import { type Env, settingsOf } from "../env.ts";
import { keyring } from "../stubs.ts";
import { utf8 } from "./bytes.ts";
import { deriveFrom, type KeyPart, type KeyPurpose } from "./derive.ts";

export type { KeyPart, KeyPurpose } from "./derive.ts";

/** The key to use now, and those that older values may still be under. */
export interface DerivedKey extends KeyPart {
  /** The newest earlier root's key, null when there is none; the same as `retired[0]`. */
  previous: KeyPart | null;
  /** Every earlier root's key, newest first: `MASTER_KEY_PREVIOUS`, then the Keyring's once `MASTER_KEY` took over from it. */
  retired: KeyPart[];
}

/** Deployments (by their `env`) with a MASTER_KEY whose Keyring never made a root: nothing to ask it for. */
const withoutKeyringRoot = new WeakSet<Env>();

/**
 * Derives the key of a purpose and subject (usually a user id) from `MASTER_KEY`, or has the Keyring object derive it from the root of
 * its own. Fetch it for the one operation that needs it; do not keep it.
 */
export async function derivedKey(env: Env, purpose: KeyPurpose, subject: string): Promise<DerivedKey> {
  const { MASTER_KEY: master, MASTER_KEY_PREVIOUS: before } = settingsOf(env).settings;
  const fromText = (text: string) => deriveFrom(utf8(text), purpose, subject);
  const [current, previous, kept] = await Promise.all([
    master === undefined ? keyring(env).derive(purpose, subject) : fromText(master),
    before === undefined || before === master ? null : fromText(before),
    master === undefined ? null : keyringKey(env, purpose, subject),
  ]);
  const retired = [previous, kept].filter((part) => part !== null);
  return { keyId: current.keyId, bytes: current.bytes, previous: retired[0] ?? null, retired };
}

async function keyringKey(env: Env, purpose: KeyPurpose, subject: string): Promise<KeyPart | null> {
  if (withoutKeyringRoot.has(env)) return null;
  const part = await keyring(env).deriveExisting(purpose, subject);
  if (part === null) withoutKeyringRoot.add(env);
  return part;
}

/** What the owner should know about the keys, in sentences; empty when all is well. */
export function keyWarnings(env: Env): string[] {
  if (settingsOf(env).settings.MASTER_KEY !== undefined) return [];
  return [
    "MASTER_KEY is not set, so secrets are encrypted under a key that Margay made itself and keeps in its Keyring object. " +
      "To hold the key yourself, set MASTER_KEY (32 random characters or more): `npx wrangler secret put MASTER_KEY`. " +
      "Stored secrets are encrypted again under it as they are used.",
  ];
}
