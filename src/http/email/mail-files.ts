import type { FileRef } from "../../channels/message.ts";
import type { MailAttachment } from "../../channels/email/read-mail.ts";
import type { Env } from "../../env.ts";
import { hex, sha256 } from "../../secrets/bytes.ts";
import { cleanFileName, cleanMime, fileKey } from "../file-names.ts";
import { keepFile } from "../keep-file.ts";

export interface MailFiles {
  userId: string;
  /** Of the mail: the same for every delivery of it. */
  key: string;
  sentAt: number;
  attachments: readonly MailAttachment[];
}

/** `added`: keys of those that were not there before. */
export interface KeptMailFiles {
  files: FileRef[];
  added: string[];
}

/** Copies what was attached to the user's uploads in R2. Keys are made of the mail's and of the bytes, so a repeated delivery finds the copies it made before, and another mail of the same id does not. Trouble at R2 throws. */
export async function keepMailFiles(env: Env, { userId, key, sentAt, attachments }: MailFiles): Promise<KeptMailFiles> {
  const kept: KeptMailFiles = { files: [], added: [] };
  for (const [index, { name, mime, bytes }] of attachments.entries()) {
    const content = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    const id = hex(await sha256(JSON.stringify(["mail", userId, key, index, content]))).slice(0, 32);
    const file: FileRef = { key: fileKey(userId, sentAt, id), name: cleanFileName(name), mime: cleanMime(mime), size: bytes.byteLength };
    const there = (await env.FILES.head(file.key)) !== null;
    if (!there && !(await keepFile(env, userId, { key: file.key, name: file.name, mime: file.mime, body: bytes }))) continue;
    kept.files.push(file);
    if (!there) kept.added.push(file.key);
  }
  return kept;
}
