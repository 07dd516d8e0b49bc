import { createHash } from "node:crypto";
import type { Env } from "../env.ts";
import { type ErrorBody, MargayError } from "../errors.ts";
import { nameOf } from "../workspace/path.ts";
import type { FileView } from "../workspace/shapes.ts";
import type { Content } from "../workspace/stored-file.ts";
import { byteRange } from "./byte-range.ts";
import { cleanMime, filesPrefix } from "./file-names.ts";
import { servedHeaders } from "./files.ts";

/**
 * One of the user's files as a browser gets it: nothing in it runs. What it is now is asked about each time, by its tag: the next version has the same address. `asked`: the headers of the request; of what lies in R2 a
 * part is given (`Range`), since some players take sound and films in parts only, and who goes on with a download says of what (`If-Range`).
 */
export async function fileResponse(
  env: Env,
  userId: string,
  { file, content }: { file: FileView; content: Content },
  asked: Headers = new Headers(),
): Promise<Response> {
  const mime = cleanMime(file.mime);
  const headers = { ...servedHeaders(mime, nameOf(file.path)), "cache-control": "private, no-cache" };
  if (content.key === null) {
    const bytes = new TextEncoder().encode(content.text);
    const tagged = { ...headers, etag: `"${createHash("sha256").update(bytes).digest("hex")}"` };
    if (hasIt(asked, tagged.etag)) return new Response(null, { status: 304, headers: tagged });
    // Short text is kept as text, so what its letters are is known.
    const type = mime.startsWith("text/") ? `${mime};charset=utf-8` : mime;
    return new Response(bytes, { headers: { ...tagged, "content-type": type, "content-length": String(bytes.byteLength) } });
  }
  // Below this user's own prefix, whatever their object says.
  if (!content.key.startsWith(filesPrefix(userId))) throw gone(file);
  const wanted = byteRange(asked.get("range"), file.size);
  let object = await env.FILES.get(content.key, typeof wanted === "string" ? {} : { range: wanted });
  if (!object) throw gone(file);
  const tagged = { ...headers, etag: object.httpEtag, "accept-ranges": "bytes" };
  const known = hasIt(asked, tagged.etag);
  const part = [null, tagged.etag].includes(asked.get("if-range")) ? wanted : "whole";
  if (known || part === "outside") {
    await object.body.cancel();
    return known ? new Response(null, { status: 304, headers: tagged }) : outside(file.size);
  }
  // The bytes at a key never change: this is the whole of the same.
  if (part === "whole" && typeof wanted !== "string") object = await env.FILES.get(content.key);
  if (!object) throw gone(file);
  if (part === "whole") return new Response(object.body, { headers: { ...tagged, "content-length": String(object.size) } });
  return new Response(object.body, {
    status: 206,
    headers: {
      ...tagged,
      "content-length": String(part.length),
      "content-range": `bytes ${part.offset}-${part.offset + part.length - 1}/${file.size}`,
    },
  });
}

/** Whether `If-None-Match` names these bytes. A tag that was made weak on the way, by compression, names them too (RFC 9110, 13.1.2). */
function hasIt(asked: Headers, etag: string): boolean {
  const tags = (asked.get("if-none-match") ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}

function outside(size: number): Response {
  const error: ErrorBody = { code: "range_not_satisfiable", message: `There is nothing in that range: the file has ${size} bytes.` };
  return Response.json({ error }, { status: 416, headers: { "content-range": `bytes */${size}` } });
}

const gone = (file: FileView): MargayError => new MargayError("gone", `The bytes of ${file.path} are not there any more.`);
