import { cleanMime, filesPrefix } from "../http/file-names.ts";
import type { UnusedUploadsDeps } from "./unused-uploads.ts";
import type { FileBytes } from "./workspace-deps.ts";

/** Keys that R2 deletes at once. */
const TOGETHER = 1_000;

/** Below which the bytes of files lie that no message brought: `u/<userId>/files/`. */
export const workspacePrefix = (userId: string): string => `${filesPrefix(userId)}files/`;

/** The bytes of one user's files in R2. A key outside of what is theirs is not there. */
export function r2Bytes(bucket: R2Bucket, userId: string, newId: () => string): FileBytes {
  const readable = (key: string): boolean => key.startsWith(filesPrefix(userId)) && !key.split("/").includes("..");
  const owns = (key: string): boolean => key.startsWith(workspacePrefix(userId)) && !key.split("/").includes("..");
  return {
    owns,
    newKey: () => `${workspacePrefix(userId)}${newId()}`,
    async put(key, bytes, { name, mime }) {
      const object = await bucket.put(key, bytes, {
        httpMetadata: { contentType: mime },
        customMetadata: { name: encodeURIComponent(name) },
      });
      return object.etag;
    },
    async read(key) {
      const object = readable(key) ? await bucket.get(key) : null;
      return object ? new Uint8Array(await object.arrayBuffer()) : null;
    },
    async head(key) {
      const object = readable(key) ? await bucket.head(key) : null;
      return object && { size: object.size, mime: cleanMime(object.httpMetadata?.contentType ?? ""), hash: object.etag };
    },
    async delete(keys) {
      const own = keys.filter(owns);
      for (let from = 0; from < own.length; from += TOGETHER) await bucket.delete(own.slice(from, from + TOGETHER));
    },
  };
}

/** What was uploaded by one user to go with messages and into documents: `u/<userId>/uploads/`. */
export function r2Uploads(bucket: R2Bucket, userId: string): Pick<UnusedUploadsDeps, "list" | "delete"> {
  const prefix = `${filesPrefix(userId)}uploads/`;
  return {
    async list(after, limit) {
      const { objects, truncated } = await bucket.list({ prefix, limit, ...(after !== "" && { startAfter: after }) });
      return { uploads: objects.map(({ key, uploaded }) => ({ key, at: uploaded.getTime() })), more: truncated };
    },
    async delete(keys) {
      await bucket.delete(keys.filter((key) => key.startsWith(prefix)));
    },
  };
}
