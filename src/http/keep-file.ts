import { database } from "../db/database.ts";
import { findUser } from "../db/users.ts";
import type { Env } from "../env.ts";

/** A file on its way into R2. */
export interface NewFile {
  key: string;
  name: string;
  mime: string;
  body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | Uint8Array;
}

/**
 * Puts a file of a user into R2. False: they were removed or suspended while it came, which takes minutes at a slow client's; nothing of it is kept then, or it would
 * stay for ever, since nobody looks for files of a user that is gone.
 */
export async function keepFile(env: Env, userId: string, { key, name, mime, body }: NewFile): Promise<boolean> {
  await env.FILES.put(key, body, { httpMetadata: { contentType: mime }, customMetadata: { name: encodeURIComponent(name) } });
  const user = await findUser(await database(env), userId);
  if (user !== null && !user.suspended) return true;
  await env.FILES.delete(key);
  return false;
}
