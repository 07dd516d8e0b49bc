import { z } from "zod";
import { hex, utf8 } from "./bytes.ts";

/** What a derived key is for. Two purposes never share a key. */
export const KeyPurpose = z.enum(["vault", "auth", "telegram-webhook", "webhook-signing", "pairing", "setup", "key-hash", "file-share"]);
export type KeyPurpose = z.infer<typeof KeyPurpose>;

/** One derived key. */
export interface KeyPart {
  /** Names the root it came from, not the key: the same for every purpose and subject. Safe to store and to show. */
  keyId: string;
  /** 32 bytes. */
  bytes: Uint8Array<ArrayBuffer>;
}

// A fixed salt separates Margay's keys from any other use of the same root (RFC 5869, section 3.1).
const SALT = utf8("margay keys 1");
const ID_INFO = utf8("key id");

/** Derives the key of a purpose and subject from a root by HKDF-SHA256 (RFC 5869). Pure. */
export async function deriveFrom(root: Uint8Array<ArrayBuffer>, purpose: KeyPurpose, subject: string): Promise<KeyPart> {
  const material = await crypto.subtle.importKey("raw", root, "HKDF", false, ["deriveBits"]);
  const bits = (info: Uint8Array<ArrayBuffer>) =>
    crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: SALT, info }, material, 256);
  const [bytes, id] = await Promise.all([bits(utf8(JSON.stringify([purpose, subject]))), bits(ID_INFO)]);
  // A hash of a derived value, cut to 64 bits: enough to tell roots apart, nothing to attack them with.
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", id), 0, 8);
  return { keyId: hex(digest), bytes: new Uint8Array(bytes) };
}
