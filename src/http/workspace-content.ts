import { z } from "zod";
import type { Env } from "../env.ts";
import { type ErrorBody, MargayError } from "../errors.ts";
import { nameOf } from "../workspace/path.ts";
import { etagOf, namesTag } from "../workspace/preconditions.ts";
import type { FileView } from "../workspace/shapes.ts";
import type { Content } from "../workspace/stored-file.ts";
import { byteRange } from "./byte-range.ts";
import { cleanMime, filesPrefix } from "./file-names.ts";
import { servedHeaders } from "./files.ts";

/** What whoever reads a file may ask, and what the answers are, for the API page. */
export const READ_HEADERS = {
  Range: "A part of it, `bytes=0-1023`, of what is no short text.",
  "If-None-Match": "The `ETag` of what you have: 304 while it is the same.",
  "If-Range": "The `ETag` of what you have a part of: when it is another by now, you get the whole.",
};
const binary = z.string().meta({ format: "binary" });
export const BYTES = {
  200: { description: "Its bytes.", contentType: "application/octet-stream", schema: binary },
  206: { description: "The part of it that `Range` names.", contentType: "application/octet-stream", schema: binary },
  304: { description: "You have it: it is what `If-None-Match` names." },
  416: { description: "`range_not_satisfiable`: there is no such part of it." },
};

/**
 * One of the user's files as a browser gets it: nothing in it runs. What it is now is asked about each time, by its tag: the next version has the same address. `asked`: the request; of what lies in R2 a
 * part is given (`Range`), since some players take sound and films in parts only, and who goes on with a download says of what (`If-Range`).
 */
export async function fileResponse(
  env: Env,
  userId: string,
  { file, content }: { file: FileView; content: Content },
  asked: Request,
): Promise<Response> {
  const mime = cleanMime(file.mime);
  const etag = etagOf(content);
  const headers = { ...servedHeaders(mime, nameOf(file.path)), "cache-control": "private, no-cache", etag };
  // Below this user's own prefix, whatever their object says.
  if (content.key !== null && !content.key.startsWith(filesPrefix(userId))) throw gone(file);
  if (namesTag(asked.headers.get("if-none-match") ?? "", etag)) return new Response(null, { status: 304, headers });
  if (content.key === null) {
    const bytes = new TextEncoder().encode(content.text);
    // Short text is kept as text, so what its letters are is known.
    const type = mime.startsWith("text/") ? `${mime};charset=utf-8` : mime;
    return new Response(bytes, { headers: { ...headers, "content-type": type, "content-length": String(bytes.byteLength) } });
  }
  const whole = ({ size }: R2Object) => ({ ...headers, "accept-ranges": "bytes", "content-length": String(size) });
  if (asked.method === "HEAD") {
    const about = await env.FILES.head(content.key);
    if (!about) throw gone(file);
    return new Response(null, { headers: whole(about) });
  }
  const part = [null, etag].includes(asked.headers.get("if-range")) ? byteRange(asked.headers.get("range"), file.size) : "whole";
  if (part === "outside") return outside(file.size);
  const object = await env.FILES.get(content.key, part === "whole" ? {} : { range: part });
  if (!object) throw gone(file);
  if (part === "whole") return new Response(object.body, { headers: whole(object) });
  const range = `bytes ${part.offset}-${part.offset + part.length - 1}/${file.size}`;
  return new Response(object.body, {
    status: 206,
    headers: { ...whole(object), "content-length": String(part.length), "content-range": range },
  });
}

function outside(size: number): Response {
  const error: ErrorBody = { code: "range_not_satisfiable", message: `There is nothing in that range: the file has ${size} bytes.` };
  return Response.json({ error }, { status: 416, headers: { "content-range": `bytes */${size}` } });
}

const gone = (file: FileView): MargayError => new MargayError("gone", `The bytes of ${file.path} are not there any more.`);
