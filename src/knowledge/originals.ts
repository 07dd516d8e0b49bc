import { createHash } from "node:crypto";
import { cleanFileName, cleanMime, fileKey, filesPrefix } from "../http/file-names.ts";
import type { Originals } from "./deps.ts";

/** Keys that R2 deletes at once. */
const TOGETHER = 1_000;

/** The uploads of one user in R2. A key outside of them is not there. */
export function originals(bucket: R2Bucket, userId: string, now: () => number, newId: () => string): Originals {
  const owns = (key: string): boolean => key.startsWith(`${filesPrefix(userId)}uploads/`) && !key.split("/").includes("..");
  return {
    owns,
    newKey: () => fileKey(userId, now(), newId()),
    async head(key) {
      const object = owns(key) ? await bucket.head(key) : null;
      if (!object) return null;
      const name = object.customMetadata?.["name"] ?? "file";
      return { key, name: cleanFileName(decoded(name)), mime: cleanMime(object.httpMetadata?.contentType ?? ""), size: object.size };
    },
    async read(key) {
      const object = owns(key) ? await bucket.get(key) : null;
      return object ? new Uint8Array(await object.arrayBuffer()) : null;
    },
    async hash(key) {
      const object = owns(key) ? await bucket.get(key) : null;
      if (!object) return null;
      const hash = createHash("sha256");
      // As it comes: 50 MB need not be held for it.
      const reader: ReadableStreamDefaultReader<Uint8Array> = object.body.getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) hash.update(part.value);
      return hash.digest("hex");
    },
    async put({ key, name, mime }, bytes) {
      await bucket.put(key, bytes, { httpMetadata: { contentType: mime }, customMetadata: { name: encodeURIComponent(name) } });
    },
    async delete(keys) {
      const own = keys.filter(owns);
      for (let from = 0; from < own.length; from += TOGETHER) await bucket.delete(own.slice(from, from + TOGETHER));
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
