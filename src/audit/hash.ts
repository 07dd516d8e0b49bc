import { createHash, createHmac } from "node:crypto";

/** SHA-256 of a text's UTF-8, hexadecimal. At once, unlike Web Crypto: an entry of the audit is written in the transaction that it tells of. */
export const sha256Hex = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/** HMAC-SHA256 of a text's UTF-8, hexadecimal. */
export const hmacHex = (key: string, text: string): string => createHmac("sha256", key).update(text, "utf8").digest("hex");
