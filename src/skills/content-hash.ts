import { createHash } from "node:crypto";

/** SHA-256 of bytes, hexadecimal. */
export const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** What names a version: its files' paths and contents, in order of path. Paths hold no line breaks, so no two skills have the same text here. */
export function contentHash(files: readonly { path: string; hash: string }[]): string {
  const lines = files.map(({ path, hash }) => `${hash} ${path}\n`).toSorted();
  return createHash("sha256").update(lines.join(""), "utf8").digest("hex");
}
