import type { Env } from "../env.ts";
import { MargayError } from "../errors.ts";
import { nameOf } from "../workspace/path.ts";
import type { FileView } from "../workspace/shapes.ts";
import type { Content } from "../workspace/stored-file.ts";
import { byteRange } from "./byte-range.ts";
import { cleanMime, filesPrefix } from "./file-names.ts";
import { servedHeaders } from "./files.ts";

/**
 * One of the user's files as a browser gets it: nothing in it runs. What it is now is not kept by the browser: the next version has the same address. `range`: the header of that name; of what lies in R2 a part is
 * given, since some players take sound and films in parts only.
 */
export async function fileResponse(
  env: Env,
  userId: string,
  { file, content }: { file: FileView; content: Content },
  range: string | null = null,
): Promise<Response> {
  const headers = { ...servedHeaders(cleanMime(file.mime), nameOf(file.path)), "cache-control": "private, no-cache" };
  if (content.key === null) {
    const bytes = new TextEncoder().encode(content.text);
    return new Response(bytes, { headers: { ...headers, "content-length": String(bytes.byteLength) } });
  }
  const part = byteRange(range, file.size);
  if (part === "outside") return new Response(null, { status: 416, headers: { "content-range": `bytes */${file.size}` } });
  // Below this user's own prefix, whatever their object says.
  const own = content.key.startsWith(filesPrefix(userId));
  const object = own ? await env.FILES.get(content.key, part === "whole" ? {} : { range: part }) : null;
  if (!object) throw new MargayError("gone", `The bytes of ${file.path} are not there any more.`);
  const inParts = { ...headers, "accept-ranges": "bytes" };
  if (part === "whole") return new Response(object.body, { headers: { ...inParts, "content-length": String(object.size) } });
  return new Response(object.body, {
    status: 206,
    headers: {
      ...inParts,
      "content-length": String(part.length),
      "content-range": `bytes ${part.offset}-${part.offset + part.length - 1}/${file.size}`,
    },
  });
}
