import type { Env } from "../env.ts";
import { MargayError } from "../errors.ts";
import { nameOf } from "../workspace/path.ts";
import type { FileView } from "../workspace/shapes.ts";
import type { Content } from "../workspace/stored-file.ts";
import { cleanMime, filesPrefix } from "./file-names.ts";
import { servedHeaders } from "./files.ts";

/** One of the user's files as a browser gets it: nothing in it runs. What it is now is not kept by the browser: the next version has the same address. */
export async function fileResponse(env: Env, userId: string, { file, content }: { file: FileView; content: Content }): Promise<Response> {
  const headers = { ...servedHeaders(cleanMime(file.mime), nameOf(file.path)), "cache-control": "private, no-cache" };
  if (content.key === null) {
    const bytes = new TextEncoder().encode(content.text);
    return new Response(bytes, { headers: { ...headers, "content-length": String(bytes.byteLength) } });
  }
  // Below this user's own prefix, whatever their object says.
  const object = content.key.startsWith(filesPrefix(userId)) ? await env.FILES.get(content.key) : null;
  if (!object) throw new MargayError("gone", `The bytes of ${file.path} are not there any more.`);
  return new Response(object.body, { headers: { ...headers, "content-length": String(object.size) } });
}
