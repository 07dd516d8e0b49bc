import type { Image } from "../src/agent/deps.ts";

/** The largest image that is shown to a model, bytes (Anthropic's limit). */
const MAX_IMAGE = 5 * 1024 * 1024;

/** Reads images of this user and of nobody else; null: there is none that can be shown. */
export const ownImage =
  (bucket: R2Bucket, userId: string) =>
  async (key: string): Promise<Image | null> => {
    if (!key.startsWith(`u/${userId}/`)) return null;
    // Trouble with the store is no reason to leave the message unanswered.
    const object = await bucket.get(key).catch(() => null);
    if (!object || object.size > MAX_IMAGE) return null;
    return { bytes: new Uint8Array(await object.arrayBuffer()), mime: object.httpMetadata?.contentType ?? "image/jpeg" };
  };
