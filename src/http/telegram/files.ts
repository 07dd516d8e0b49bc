import { failureOf, rootOf } from "../../channels/telegram/api.ts";
import { type Attachment, MAX_FILE } from "../../channels/telegram/attachment.ts";
import type { FileRef } from "../../channels/message.ts";
import type { Env } from "../../env.ts";
import { hex, sha256 } from "../../secrets/bytes.ts";
import { cleanFileName, cleanMime, fileKey } from "../file-names.ts";
import { keepFile } from "../keep-file.ts";
import { readLimited } from "../read-limited.ts";
import { apiOf, apiRoot } from "./bots.ts";

const DOWNLOAD_MS = 30_000;

export type Fetched = { kind: "stored"; file: FileRef } | { kind: "too_big"; name: string } | { kind: "failed"; name: string };

/**
 * Copies a file from Telegram to the user's uploads in R2. The key is made of what names the file at Telegram, so a repeated delivery finds
 * the copy it made before. Trouble at Telegram is an outcome; trouble at R2 throws.
 */
export async function fetchFile(env: Env, token: string, userId: string, attachment: Attachment, sentAt: number): Promise<Fetched> {
  const name = cleanFileName(attachment.name);
  if ((attachment.size ?? 0) > MAX_FILE) return { kind: "too_big", name };
  const id = hex(await sha256(`${attachment.bot}:${attachment.uniqueId}`)).slice(0, 16);
  const key = fileKey(userId, sentAt, id);
  const mime = cleanMime(attachment.mime);
  const kept = await env.FILES.head(key);
  if (kept) return { kind: "stored", file: { key, name, mime, size: kept.size } };

  const download = await openDownload(env, token, attachment.fileId);
  if (download === "failed" || download === "too_big") return { kind: download, name };
  const bytes = await readUpTo(download, MAX_FILE);
  if (bytes === "failed" || bytes === "too_big") return { kind: bytes, name };
  if (!(await keepFile(env, userId, { key, name, mime, body: bytes }))) return { kind: "failed", name };
  return { kind: "stored", file: { key, name, mime, size: bytes.byteLength } };
}

async function openDownload(env: Env, token: string, fileId: string): Promise<ReadableStream<Uint8Array> | "failed" | "too_big"> {
  try {
    const { file_path: path } = await apiOf(env, token).getFile(fileId);
    // The path becomes part of an address that holds the token: only a plain relative path is taken.
    if (path === undefined || !/^[\w][\w./@+-]*$/.test(path) || path.includes("..")) return "failed";
    const response = await fetch(`${rootOf({ root: apiRoot(env) })}/file/bot${token}/${path}`, {
      redirect: "manual",
      signal: AbortSignal.timeout(DOWNLOAD_MS),
    });
    if (Number(response.headers.get("content-length") ?? "0") > MAX_FILE) {
      await response.body?.cancel();
      return "too_big";
    }
    if (response.ok && response.body) return response.body;
    await response.body?.cancel();
    return "failed";
  } catch (error) {
    return isTooBig(error) ? "too_big" : "failed";
  }
}

function isTooBig(error: unknown): boolean {
  try {
    const failure = failureOf(error);
    return failure.kind === "refused" && /file is too big/i.test(failure.reason);
  } catch {
    return false;
  }
}

async function readUpTo(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array<ArrayBuffer> | "failed" | "too_big"> {
  try {
    return (await readLimited(stream, limit)) ?? "too_big";
  } catch {
    return "failed";
  }
}
