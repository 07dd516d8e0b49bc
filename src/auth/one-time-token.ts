import { base64url, sha256 } from "../secrets/bytes.ts";

/** A new token for a link: 256 random bits. Only its hash is stored. */
export const newToken = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** With 256 random bits there is nothing to guess, so a plain hash is enough and the lookup by it gives no timing away. */
export const tokenHash = async (token: string): Promise<string> => base64url(await sha256(token));
