import { z } from "zod";
import { FileRef } from "../channels/message.ts";
import { MargayError } from "../errors.ts";
import { readBytes } from "./body.ts";
import { cleanFileName, contentDisposition, cleanMime, fileKey, filesPrefix } from "./file-names.ts";
import { keepFile } from "./keep-file.ts";
import { defineRoute, type Route } from "./route.ts";

/** The largest upload, bytes: it goes to R2 as it comes. */
export const MAX_UPLOAD = 50 * 1024 * 1024;
/** The largest of those that must be held in memory first, a form or a body that does not say how long it is: the isolate has 128 MB for all its requests. */
export const MAX_HELD = 20 * 1024 * 1024;
/** What a multipart body may be longer than its file: boundaries and part headers. */
const MULTIPART_MARGIN = 64 * 1024;

/** Images that a browser shows without running anything; all else is downloaded. SVG can hold scripts. */
const SHOWN = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]);

export interface Upload {
  name: string | null;
  mime: string;
  /** A stream where its length is known, so that R2 can take it as it comes. */
  body: ReadableStream<Uint8Array> | Uint8Array;
  size: number;
  /** Whether the client sent all that it declared. Asked after the put failed. */
  arrived?: Promise<boolean>;
}

/** The file that a request brings, as raw bytes or as a form. Throws `invalid_request` and `payload_too_large`. */
export async function readUpload(request: Request): Promise<Upload> {
  const type = request.headers.get("content-type") ?? "";
  if (type.toLowerCase().startsWith("multipart/form-data")) return readForm(request, type);
  const header = request.headers.get("content-length");
  const declared = header === null ? Number.NaN : Number(header);
  if (declared > MAX_UPLOAD) throw tooLarge(MAX_UPLOAD);
  if (request.body && Number.isInteger(declared) && declared > 0) {
    const { readable, writable } = new FixedLengthStream(declared);
    return { name: null, mime: cleanMime(type), body: readable, size: declared, arrived: pump(request.body, writable, declared) };
  }
  const bytes = await readBytes(request, MAX_HELD);
  return { name: null, mime: cleanMime(type), body: bytes, size: bytes.byteLength };
}

/**
 * Passes a body on as it comes. A body that ends early breaks the other side, and with it the put. False: the client broke off; true: what fails now is
 * not its doing.
 */
async function pump(body: ReadableStream<Uint8Array>, writable: WritableStream<Uint8Array>, declared: number): Promise<boolean> {
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  const writer = writable.getWriter();
  let reading = true;
  let sent = 0;
  try {
    for (;;) {
      reading = true;
      const { done, value } = await reader.read();
      if (done) break;
      reading = false;
      sent += value.byteLength;
      await writer.write(value);
    }
    // With less than was declared this breaks the readable side.
    await writer.close();
    return sent === declared;
  } catch (error) {
    await Promise.allSettled([writer.abort(error), reader.cancel(error)]);
    return !reading;
  }
}

async function readForm(request: Request, type: string): Promise<Upload> {
  const bytes = await readBytes(request, MAX_HELD + MULTIPART_MARGIN);
  // As a stream, so that the bytes are not copied once more.
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  let form: FormData;
  try {
    form = await new Response(body, { headers: { "content-type": type } }).formData();
  } catch {
    throw new MargayError("invalid_request", "The body is not valid multipart/form-data.");
  }
  const file = form.get("file");
  if (file === null || typeof file === "string") throw new MargayError("invalid_request", "Send the file in the form field `file`.");
  if (file.size > MAX_HELD) throw tooLarge(MAX_HELD);
  return { name: file.name, mime: cleanMime(file.type), body: new Uint8Array(await file.arrayBuffer()), size: file.size };
}

const tooLarge = (most: number): MargayError => new MargayError("payload_too_large", `A file may have at most ${most / 1_048_576} MiB.`);

const upload = defineRoute({
  method: "POST",
  path: "/api/v1/files",
  who: "user",
  fresh: true,
  tag: "Files",
  summary: "Upload a file to send with a message",
  bodyKind: "bytes",
  maxBody: MAX_UPLOAD,
  headers: {
    "Content-Type": "The file's own type with the raw bytes as body, or `multipart/form-data` with one field `file`.",
    "X-File-Name": "The file's name, percent-encoded; for a form, the name in it is used when this is left out.",
  },
  responses: {
    200: { description: "Pass it in `files` of a message within 30 days: what nothing took by then is deleted.", schema: FileRef },
    413: { description: "Larger than 50 MiB; as a form, or without a `Content-Length`, than 20 MiB." },
  },
  async handle({ env, request, principal }) {
    const given = nameIn(request);
    const { name: formName, mime, body, size, arrived } = await readUpload(request);
    if (size === 0) throw new MargayError("invalid_request", "The file is empty.");
    const name = cleanFileName(given ?? formName ?? "file");
    const key = fileKey(principal.userId, Date.now(), crypto.randomUUID());
    try {
      if (!(await keepFile(env, principal.userId, { key, name, mime, body }))) throw new MargayError("unauthorized", "Sign in again.");
    } catch (error) {
      // R2 keeps nothing of a stream that broke.
      if ((await arrived) === false) throw new MargayError("invalid_request", "The upload ended before its declared length.");
      throw error;
    }
    return { key, name, mime, size } satisfies FileRef;
  },
});

const download = defineRoute({
  method: "GET",
  path: "/api/v1/files/{path+}",
  who: "user",
  fresh: true,
  tag: "Files",
  summary: "Read one of your files",
  params: z.object({
    /** The `key` of a file without the `u/<your id>/` it begins with. */
    path: z.string().min(1).max(512),
  }),
  responses: {
    200: { description: "Its bytes.", contentType: "application/octet-stream", schema: z.string().meta({ format: "binary" }) },
    404: { description: "There is no such file of yours." },
  },
  async handle({ env, principal, params }) {
    // Below the caller's own prefix by construction: nobody else's file has a name here.
    const object = await env.FILES.get(`${filesPrefix(principal.userId)}${params.path}`);
    if (!object) throw new MargayError("not_found", "There is no such file.");
    return served(object);
  },
});

/** A file as a browser gets it: nothing in it runs, and what could is downloaded. */
export function served(object: R2ObjectBody, name: string = nameOf(object)): Response {
  const mime = cleanMime(object.httpMetadata?.contentType ?? "");
  return new Response(object.body, {
    headers: {
      ...servedHeaders(mime, name),
      "content-length": String(object.size),
      "cache-control": "private, max-age=3600",
      etag: object.httpEtag,
    },
  });
}

/** How a file is sent so that nothing in it runs, whatever it is. */
export const servedHeaders = (mime: string, name: string): Record<string, string> => ({
  "content-type": mime,
  "content-disposition": contentDisposition(SHOWN.has(mime) ? "inline" : "attachment", name),
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
});

/** The name a file came with. */
const nameOf = (object: R2Object): string => cleanFileName(decoded(object.customMetadata?.name ?? "file"));

/** The name that a client gives in `X-File-Name`; null: none. */
const nameIn = (request: Request): string | null => {
  const header = request.headers.get("x-file-name");
  return header === null || header === "" ? null : decoded(header);
};

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const filesRoutes: Route[] = [upload, download];
