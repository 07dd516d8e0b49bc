import { countAttempts } from "../../db/attempts.ts";
import { database } from "../../db/database.ts";
import { livePairingCode, putPairingCode } from "../../db/pairing-codes.ts";
import type { Env } from "../../env.ts";
import { hex, utf8 } from "../../secrets/bytes.ts";
import { derivedKey } from "../../secrets/keys.ts";

/** No 0/O, 1/I/L, U/V: what is read aloud or typed from a phone stays the same. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 8;
export const CODE_LIFETIME_MS = 10 * 60_000;
/** A second message within this time gets no second code: the first is still on the screen. */
const QUIET_MS = 20_000;
/** Codes an hour, for one sender and for all senders of one bot. */
const PER_SENDER = 6;
const PER_BOT = 300;

/** A code of 8 characters, each equally likely: bytes past the last whole multiple of the alphabet are thrown away. */
export function newPairingCode(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  const limit = 256 - (256 % ALPHABET.length);
  let code = "";
  while (code.length < LENGTH)
    for (const byte of random(new Uint8Array(16)))
      if (byte < limit && code.length < LENGTH) code += ALPHABET.charAt(byte % ALPHABET.length);
  return code;
}

/** `abcd-2345` and `ABCD 2345` as `ABCD2345`; null: this cannot be a code. */
export function normalisePairingCode(typed: string): string | null {
  const code = typed.toUpperCase().replaceAll(/[\s\-–—]/g, "");
  return /^[2-9A-HJKMNP-TV-Z]{8}$/.test(code) ? code : null;
}

/** Codes are short, so D1 holds a keyed hash: a copy of the database alone gives none away. */
export async function pairingCodeHash(env: Env, code: string): Promise<string> {
  const { bytes } = await derivedKey(env, "pairing", "telegram");
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(code))));
}

export interface Stranger {
  identity: string;
  bot: string;
  chatId: number;
  name: string;
}

/** Makes the one code that is good for this sender; null: they just got one, or there were too many. */
export async function issuePairingCode(env: Env, stranger: Stranger, now: number): Promise<string | null> {
  const { identity, bot, chatId, name } = stranger;
  const db = await database(env);
  const live = await livePairingCode(db, identity, now);
  if (live && now - live.createdAt.getTime() < QUIET_MS) return null;
  const keys = [
    { key: `telegram-code:${identity}`, limit: PER_SENDER },
    { key: `telegram-code-bot:${bot}`, limit: PER_BOT },
  ];
  if ((await countAttempts(db, keys, 3_600_000, now)) !== null) return null;
  const code = newPairingCode((bytes) => crypto.getRandomValues(bytes));
  const codeHash = await pairingCodeHash(env, code);
  await putPairingCode(db, { codeHash, identity, bot, chatId, senderName: name, now, expiresAt: now + CODE_LIFETIME_MS });
  return code;
}

/** All that a stranger is told. */
export const pairingText = (code: string): string =>
  `Your pairing code is \`${code.slice(0, 4)}-${code.slice(4)}\`.\n\nEnter it on your Margay page under Settings → Telegram. It is good for 10 minutes.`;
