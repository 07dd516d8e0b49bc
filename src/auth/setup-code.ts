import { database } from "../db/database.ts";
import { putSetupCodeHash, setupCodeHash } from "../db/setup.ts";
import { findOwner } from "../db/users.ts";
import { type Env, settingsOf } from "../env.ts";
import type { Log } from "../log.ts";
import { base64url, sha256 } from "../secrets/bytes.ts";
import { sameText } from "./same-text.ts";

/** Crockford's base 32: no letter that looks like another or like a digit. 32 divides 256, so every letter is equally likely. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * Where nobody owns this deployment yet and the secret `SETUP_CODE` is not set: makes a code (80 random bits) and writes it to the log, once
 * for all. This line is the one place where a secret is logged, because the deployer has no other way to see it; the code dies with its
 * use. A log line that was missed is replaced by setting `SETUP_CODE`.
 */
export async function ensureSetupCode(env: Env, log: Log): Promise<void> {
  if (settingsOf(env).settings.SETUP_CODE !== undefined) return;
  const db = await database(env);
  if ((await setupCodeHash(db)) !== null || (await findOwner(db)) !== null) return;
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => ALPHABET[byte % 32]).join("");
  const code = letters.replaceAll(/(.{4})(?!$)/g, "$1-");
  if (await putSetupCodeHash(db, await hashOf(code), Date.now()))
    log("setup_code", { code, note: "Open the page and enter this code to make the owner's account. It is shown only this once." }, "warn");
}

/** Whether `code` makes the first account: compared with the secret `SETUP_CODE`, else with the code that was made, in constant time. */
export async function isSetupCode(env: Env, code: string): Promise<boolean> {
  const secret = settingsOf(env).settings.SETUP_CODE;
  if (secret !== undefined) return sameText(code.trim(), secret.trim());
  const hash = await setupCodeHash(await database(env));
  return sameText(await hashOf(code), hash ?? base64url(crypto.getRandomValues(new Uint8Array(32))));
}

/** Written in any case, with or without the dashes. */
const hashOf = async (code: string) => base64url(await sha256(code.toUpperCase().replaceAll(/[^0-9A-Z]/g, "")));
