import { z } from "zod";
import type { OperationName, Operations } from "../src/agent/operations.ts";
import type { Configuration } from "../src/agent/configuration.ts";
import { ReplyFiles } from "../src/agent/reply-files.ts";
import type { FileRef } from "../src/channels/message.ts";
import type { NewAuditEntry } from "../src/db/object/audit.ts";
import { FileStore } from "../src/db/object/files.ts";
import type { SettingStore } from "../src/db/object/settings.ts";
import { UploadUses } from "../src/db/object/upload-uses.ts";
import type { UsageStore } from "../src/db/object/usage.ts";
import { settingsOf } from "../src/env.ts";
import { MargayError } from "../src/errors.ts";
import { heartbeatFile } from "../src/heartbeat/heartbeat-file.ts";
import { documentText } from "../src/knowledge/document-text.ts";
import { DocumentError, PARSE_LIMITS, type ParsedDocument, ReaderAway } from "../src/knowledge/parsed.ts";
import type { ParseDriver } from "../src/knowledge/parse/driver.ts";
import { fileKind } from "../src/knowledge/parse/magic.ts";
import { parseDocument } from "../src/knowledge/parse/parse-document.ts";
import { log } from "../src/log.ts";
import { base64url } from "../src/secrets/bytes.ts";
import { derivedKey } from "../src/secrets/keys.ts";
import { workspaceFiles } from "../src/sandbox/linux/workspace-files.ts";
import type { FilesPort } from "../src/tools/files/files-port.ts";
import { formatOfMime, formatOfName } from "../src/knowledge/formats.ts";
import { MARKDOWN_TYPES } from "../src/knowledge/shapes.ts";
import { LastRead } from "../src/workspace/last-read.ts";
import { r2Bytes, r2Uploads } from "../src/workspace/r2-bytes.ts";
import { checkRoom } from "../src/workspace/room.ts";
import { searchText } from "../src/workspace/search-text.ts";
import type { FileView } from "../src/workspace/shapes.ts";
import { Shares } from "../src/workspace/share.ts";
import { textOf } from "../src/workspace/text-of.ts";
import { tidyWorkspace } from "../src/workspace/tidy.ts";
import { dropUnusedUploads, type UnusedUploadsDeps } from "../src/workspace/unused-uploads.ts";
import { bytesGone, filesArrived } from "../src/workspace/uploads.ts";
import { Workspace } from "../src/workspace/workspace.ts";
import type { WorkspaceDeps, Writer } from "../src/workspace/workspace-deps.ts";
import type { Host } from "./parts.ts";
import { meteredPdfDriver } from "./pdf-driver.ts";

export interface FilesDeps {
  host: Host;
  settings: SettingStore;
  configuration: Configuration;
  transaction<T>(work: () => T): T;
  audit(entry: NewAuditEntry): void;
  /** A file is new, or has new content. */
  added(file: FileView, by: Writer): void;
  usage: UsageStore;
  newId(): string;
}

/** A person at the page, or their program. What they upload is content, not their word. */
const UPLOADED: Writer = { author: "user", untrusted: "a file that was uploaded", key: null };

const uploaded = (call: string | undefined): Writer => ({ ...UPLOADED, key: call === undefined ? null : `request:${call}` });

/** Of what a document says, on the page. */
const SHOWN_CHARS = 200_000;

/** What a file says; `document`: the type of what it was read from, null: it is text itself. */
interface ReadText {
  text: string;
  document: ParsedDocument["type"] | null;
}

/** Wires the user's files. No rule lives here. */
export function createWorkspace({ host, settings: own, configuration, transaction, audit, added, usage, newId }: FilesDeps) {
  const { env, userId, now } = host;
  const { settings } = settingsOf(env);
  const deps: WorkspaceDeps = {
    store: new FileStore(host.storage.sql),
    bytes: r2Bytes(env.FILES, userId, newId),
    special: [
      heartbeatFile({
        text: () => own.user().heartbeat.text,
        updatedAt: () => own.updatedAt("user"),
        change: (text, author) => void configuration.update({ heartbeat: { ...own.user().heartbeat, text } }, { author, channel: "web" }),
      }),
    ],
    quota: () => (settings.FILES_QUOTA_MB ?? 1_000) * 1_000_000,
    transaction,
    audit,
    changed: (file) => host.broadcast({ type: "file", file }),
    added,
    log,
    now,
    newId,
  };
  const workspace = new Workspace(deps);
  const shares = new Shares({
    ...deps,
    userId,
    key: async () => (await derivedKey(env, "file-share", userId)).bytes,
    newShareId: () => base64url(crypto.getRandomValues(new Uint8Array(24))),
  });
  const pdf = meteredPdfDriver(host, usage);
  const last = new LastRead<ReadText>();
  const read = async (path: string, version: number | undefined, signal: AbortSignal): Promise<ReadText & { file: FileView }> => {
    const { file, content } = workspace.content(path, version);
    const fresh = async (): Promise<ReadText> => {
      const { bytes } = await workspace.bytes(path, version);
      const plain = plainText(bytes, file);
      if (plain !== null) return { text: plain, document: null };
      const document = await parsed(bytes, file, pdf, signal);
      return { text: documentText(document), document: document.type };
    };
    // The bytes at a key never change; what they are read as goes by the file's name and type too.
    return { file, ...(await (content.key === null ? fresh() : last.of(JSON.stringify([content.key, file.name, file.mime]), fresh))) };
  };
  const port: FilesPort = {
    list: (query) => workspace.list(query),
    async read(path, signal) {
      const { file, text, document } = await read(path, undefined, signal);
      return { file, text, plain: document === null };
    },
    search: (text, folder, limit) => searchText(text, folder, limit, deps),
    write: (path, text, by, version) => workspace.write(path, new TextEncoder().encode(text), by, version === undefined ? {} : { version }),
    done: (key) => workspace.done(key),
    move: (from, to, by) => workspace.move(from, to, by),
    moveBack: (moved, by) => workspace.moveBack(moved, by),
    delete: (path, by) => workspace.delete(path, by),
    undelete: (id, by) => workspace.undelete(id, by),
    takeBack: (id, version, before, by) => workspace.takeBack(id, version, before, by),
  };
  const uses = new UploadUses(host.storage.sql);
  const uploads: UnusedUploadsDeps = {
    ...r2Uploads(env.FILES, userId),
    used: (keys) => uses.used(keys),
    position: {
      read: () => own.read("uploads_looked_at", z.string()) ?? "",
      write: (key) => own.note("uploads_looked_at", key, now()),
    },
    now,
  };
  const operations: Pick<Operations, Extract<OperationName, `files.${string}`>> = {
    "files.list": (query) => workspace.list(query),
    "files.get": (path) => workspace.get(path),
    "files.content": ({ path, version }) => workspace.content(path, version ?? undefined),
    async "files.text"({ path, version }) {
      const { text, document } = await read(path, version ?? undefined, new AbortController().signal);
      return {
        text: text.slice(0, SHOWN_CHARS).toWellFormed(),
        markdown: document !== null && MARKDOWN_TYPES.has(document),
        cut: text.length > SHOWN_CHARS,
      };
    },
    "files.versions": (path) => workspace.versions(path),
    async "files.write"({ path, bytes, mime, call, preconditions }) {
      const { file, etag } = await workspace.write(path, bytes, uploaded(call), { mime, ...(preconditions && { preconditions }) });
      return { file, etag };
    },
    "files.reserve"({ path, size, preconditions }) {
      workspace.check(path, preconditions);
      checkRoom(size, 0, deps);
      const key = deps.bytes.newKey();
      deps.store.waste(key, now());
      return { key };
    },
    async "files.keep"({ path, key, preconditions }) {
      if (!deps.bytes.owns(key)) throw new MargayError("not_found", "There is no such upload.");
      const { file, etag } = await workspace.keep(path, key, UPLOADED, preconditions && { preconditions });
      return { file, etag };
    },
    "files.move": ({ from, to, call, preconditions }) => workspace.move(from, to, uploaded(call), preconditions),
    "files.delete": ({ path, call, preconditions }) => workspace.delete(path, uploaded(call), preconditions),
    "files.restore": (input) =>
      "id" in input ? workspace.undelete(input.id, UPLOADED) : workspace.restore(input.path, input.version, UPLOADED),
    "files.share": (input) => shares.share(input),
    "files.shares": async () => ({ shares: await shares.list() }),
    "files.unshare": (id) => shares.end(id),
    "files.shared": (id) => shares.read(id),
  };
  return {
    port,
    /** What a sandbox keeps in step. */
    syncFiles: workspaceFiles(workspace, deps),
    operations,
    /** What goes with answers. */
    replyFiles: new ReplyFiles({
      file: (path) => workspace.get(path),
      bytes: async (path, version) => (await workspace.bytes(path, version)).bytes,
      settings: own,
      now,
    }),
    /** Files of a message that is being stored. */
    arrived: (files: readonly FileRef[]) => filesArrived(files, "a file that came with a message", deps),
    /** The bytes of an upload are gone. */
    bytesGone: (key: string) => bytesGone(key, deps),
    async tidy(): Promise<void> {
      await tidyWorkspace(deps);
      await dropUnusedUploads(uploads);
    },
  };
}

/** The text of what is text itself; null: it is a document, or none. A PDF can be written in letters alone; RTF is, and a mail. */
const plainText = (bytes: Uint8Array, { name, mime }: Pick<FileView, "name" | "mime">): string | null => {
  const isMail = [formatOfName(name), formatOfMime(mime)].some((format) => format?.type === "eml");
  return isMail || ["pdf", "rtf"].some((kind) => kind === fileKind(bytes, false)) ? null : textOf(bytes);
};

/** What a PDF or another document says. Throws `unsupported` for what has no text. */
async function parsed(bytes: Uint8Array, file: FileView, pdf: ParseDriver, signal: AbortSignal): Promise<ParsedDocument> {
  try {
    return await parseDocument(bytes, file, { ...PARSE_LIMITS, chars: 2_000_000 }, { signal, pdf, now: () => Date.now() });
  } catch (error) {
    if (error instanceof DocumentError || error instanceof ReaderAway)
      throw new MargayError("unsupported", `${file.path} cannot be read as text. ${error.message}`);
    throw error;
  }
}
