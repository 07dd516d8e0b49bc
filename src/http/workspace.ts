import { z } from "zod";
import { MargayError } from "../errors.ts";
import { nameOf } from "../workspace/path.ts";
import type { Conditional } from "../workspace/preconditions.ts";
import {
  FileQuery,
  FileTextView,
  FileVersions,
  FileView,
  Listing,
  MAX_FILE_BYTES,
  MoveInput,
  Path,
  RestoreInput,
  ShareInput,
  ShareList,
  ShareView,
} from "../workspace/shapes.ts";
import { INLINE_BYTES } from "../workspace/workspace.ts";
import { askAgent } from "./ask-agent.ts";
import { readUpload } from "./files.ts";
import { keepFile } from "./keep-file.ts";
import { readLimited } from "./read-limited.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";
import { BYTES, fileResponse, READ_HEADERS } from "./workspace-content.ts";

const tag = "Files";
const notFound = { description: "`not_found`: there is nothing at this path; `message` names what is called alike." };
const At = z.object({ path: Path });
const Version = At.extend({ version: z.coerce.number().int().min(1).optional() });
const FAILED = {
  description:
    "`precondition_failed`: it is not what `If-Match` names, or is what `If-None-Match` rules out; `ETag` is that of what is there.",
};
const IF_MATCH = "The `ETag` of its content as you read it, or `*` for anything: when it is another by now, nothing is changed.";

/** What a request wants to find; undefined: whatever it is. */
function preconditionsOf({ headers }: Request): Conditional {
  const [ifMatch, ifNoneMatch] = [headers.get("if-match"), headers.get("if-none-match")];
  return ifMatch === null && ifNoneMatch === null ? {} : { preconditions: { ifMatch, ifNoneMatch } };
}

const Changed = z.object({ files: z.array(FileView) });

const upload = defineRoute({
  method: "PUT",
  path: "/api/v1/workspace/content",
  who: "user",
  tag,
  summary: "Upload a file to a path. What was there stays as its earlier version",
  query: At,
  bodyKind: "bytes",
  maxBody: MAX_FILE_BYTES,
  headers: {
    "Content-Type": "The file's own type with the raw bytes as body, or `multipart/form-data` with one field `file`.",
    "If-Match": IF_MATCH,
    "If-None-Match": "`*`: only where there is no file yet.",
  },
  responses: {
    200: { description: "As it is now; `ETag` is that of its content.", schema: FileView },
    409: { description: "`conflict`: the path is a folder, or lies in a file." },
    412: FAILED,
    413: {
      description:
        "`payload_too_large`: larger than 50 MiB; as a form, or without a `Content-Length`, than 20 MiB; or your files have no room for it.",
    },
  },
  async handle(context) {
    const { env, request, principal, query } = context;
    const { mime, body, size, arrived } = await readUpload(request);
    const { path } = query;
    const given = preconditionsOf(request);
    try {
      if (size <= INLINE_BYTES) {
        const bytes = body instanceof Uint8Array ? body : ((await readLimited(body, size)) ?? new Uint8Array());
        const call = crypto.randomUUID();
        return written(await retrying(() => askAgent(context, "files.write", { path, bytes, mime, call, ...given })));
      }
      const { key } = await retrying(() => askAgent(context, "files.reserve", { path, size, ...given })).catch(async (error: unknown) => {
        // Read to its end all the same: what passes it on waits for a reader, and a client that is still sending does not see an answer.
        if (body instanceof ReadableStream) await body.pipeTo(new WritableStream()).catch(() => {});
        throw error;
      });
      if (!(await keepFile(env, principal.userId, { key, name: nameOf(path), mime, body })))
        throw new MargayError("unauthorized", "Sign in again.");
      return written(await retrying(() => askAgent(context, "files.keep", { path, key, ...given })));
    } catch (error) {
      // R2 keeps nothing of a stream that broke, and neither do we.
      if ((await arrived) === false) throw new MargayError("invalid_request", "The upload ended before its declared length.");
      throw error;
    }
  },
});

const written = ({ file, etag }: { file: FileView; etag: string }): Response => Response.json(file, { headers: { etag } });

export const workspaceRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/workspace",
    who: "user",
    tag,
    summary: "What is in a folder of your files, or what fits words or a pattern below it",
    query: FileQuery,
    responses: { 200: { description: "Folders and files by name, and how much room is left.", schema: Listing } },
    handle: (context) => retrying(() => askAgent(context, "files.list", context.query)),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/workspace/file",
    who: "user",
    tag,
    summary: "About one file",
    query: At,
    responses: { 200: { description: "As it is now.", schema: FileView }, 404: notFound },
    handle: (context) => retrying(() => askAgent(context, "files.get", context.query.path)),
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/workspace/file",
    who: "user",
    tag,
    summary: "Delete a file, or a folder with all that is in it. For 30 days it can be brought back",
    query: At,
    headers: { "If-Match": IF_MATCH },
    responses: { 200: { description: "What was deleted.", schema: Changed }, 404: notFound, 412: FAILED },
    async handle(context) {
      const input = { path: context.query.path, call: crypto.randomUUID(), ...preconditionsOf(context.request) };
      return { files: await retrying(() => askAgent(context, "files.delete", input)) };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/workspace/content",
    who: "user",
    tag,
    summary: "The bytes of a file, as it is or as it was",
    query: Version,
    headers: READ_HEADERS,
    responses: { ...BYTES, 404: notFound, 410: { description: "`gone`: its bytes are not there any more." } },
    async handle(context) {
      const { path, version = null } = context.query;
      return fileResponse(
        context.env,
        context.principal.userId,
        await retrying(() => askAgent(context, "files.content", { path, version })),
        context.request,
      );
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/workspace/text",
    who: "user",
    tag,
    summary: "What a file says as text, also a PDF or another document: its first 200,000 characters",
    query: Version,
    responses: {
      200: { description: "Its text alone.", schema: FileTextView },
      400: { description: "`unsupported`: it has no text, or cannot be read." },
      404: notFound,
    },
    handle(context) {
      const { path, version = null } = context.query;
      return retrying(() => askAgent(context, "files.text", { path, version }));
    },
  }),
  upload,
  defineRoute({
    method: "GET",
    path: "/api/v1/workspace/versions",
    who: "user",
    tag,
    summary: "The earlier versions of a file: the last 20, for 30 days",
    query: At,
    responses: { 200: { description: "The newest first.", schema: FileVersions }, 404: notFound },
    handle: (context) => retrying(() => askAgent(context, "files.versions", context.query.path)),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/workspace/move",
    who: "user",
    tag,
    summary: "Move or rename a file, or a folder with all that is in it",
    body: MoveInput,
    headers: { "If-Match": "The `ETag` of the content of `from`, or `*`: when it is another by now, nothing is moved." },
    responses: {
      200: { description: "Where they are now.", schema: Changed },
      404: notFound,
      409: { description: "`conflict`: something is there already." },
      412: FAILED,
    },
    async handle(context) {
      const input = { ...context.body, call: crypto.randomUUID(), ...preconditionsOf(context.request) };
      return { files: await retrying(() => askAgent(context, "files.move", input)) };
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/workspace/restore",
    who: "user",
    tag,
    summary: "Make an earlier version the newest, or bring back what was deleted",
    body: RestoreInput,
    responses: { 200: { description: "As it is now.", schema: FileView }, 404: notFound },
    handle: (context) => retrying(() => askAgent(context, "files.restore", context.body)),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/workspace/shares",
    who: "user",
    tag,
    summary: "Links to your files that work now",
    responses: { 200: { description: "The newest first.", schema: ShareList } },
    handle: (context) => retrying(() => askAgent(context, "files.shares", null)),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/workspace/shares",
    who: "user",
    tag,
    summary: "Make a link with which anybody can read one file, for a while",
    body: ShareInput,
    responses: {
      201: { description: "The link, below the address of this Margay.", schema: ShareView },
      404: notFound,
      429: { description: "`rate_limited`: 100 links work already." },
    },
    handle: async (context) => Response.json(await askAgent(context, "files.share", context.body), { status: 201 }),
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/workspace/shares/{id}",
    who: "user",
    tag,
    summary: "Take a link back. It leads nowhere from then on",
    params: z.object({ id: z.string().min(1).max(64) }),
    responses: { 204: { description: "It is gone." }, 404: { description: "`not_found`" } },
    async handle(context) {
      await retrying(() => askAgent(context, "files.unshare", context.params.id));
      return new Response(null, { status: 204 });
    },
  }),
];
