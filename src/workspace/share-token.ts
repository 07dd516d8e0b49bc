import { base64url, utf8 } from "../secrets/bytes.ts";

/** What a link to a file says: whose it is, which share, and until when. Signed, so that nobody can make one up or lengthen it. */
export interface ShareToken {
  userId: string;
  shareId: string;
  /** UTC milliseconds. */
  expiresAt: number;
}

const hmac = async (key: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);

const signedPart = ({ userId, shareId, expiresAt }: ShareToken): string => `${userId}.${shareId}.${expiresAt.toString(36)}`;

/** `<user>.<share>.<end, base 36>.<HMAC-SHA256, base64url>` under the user's own key. */
export async function signShare(token: ShareToken, key: Uint8Array<ArrayBuffer>): Promise<string> {
  const text = signedPart(token);
  const signature = await crypto.subtle.sign("HMAC", await hmac(key), utf8(text));
  return `${text}.${base64url(new Uint8Array(signature))}`;
}

/** What a link claims; null: it is no such link. Nothing of it is true before {@link verifyShare}. */
export function readShare(text: string): (ShareToken & { signature: string }) | null {
  const parts = /^([\w-]{1,64})\.([\w-]{1,64})\.([0-9a-z]{1,9})\.([\w-]{43})$/.exec(text);
  const [, userId, shareId, end, signature] = parts ?? [];
  if (userId === undefined || shareId === undefined || end === undefined || signature === undefined) return null;
  return { userId, shareId, expiresAt: Number.parseInt(end, 36), signature };
}

/** Whether one of the keys (the newest, and those before it) made it. In constant time. */
export async function verifyShare(token: ShareToken & { signature: string }, keys: readonly Uint8Array<ArrayBuffer>[]): Promise<boolean> {
  const given = fromBase64url(token.signature);
  let right = false;
  for (const key of keys) {
    const fits = given !== null && (await crypto.subtle.verify("HMAC", await hmac(key), given, utf8(signedPart(token))));
    right ||= fits;
  }
  return right;
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.codePointAt(0) ?? 0);
  } catch {
    return null;
  }
}
