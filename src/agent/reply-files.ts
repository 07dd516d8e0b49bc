import { z } from "zod";
import { pictureOf } from "../channels/approval-subject.ts";
import type { ApprovalView } from "../channels/approval-view.ts";
import type { ReplyFile } from "../channels/channel.ts";
import type { MessageView } from "../channels/events.ts";
import { toResult, unlessRefused } from "../errors.ts";
import { namedFiles } from "../workspace/named-files.ts";
import type { FileView } from "../workspace/shapes.ts";

/** With one answer at most. */
export const MAX_REPLY_FILES = 10;
/** That are remembered to have been sent. */
const MAX_SENT = 200;
const Sent = z.array(z.string());

export interface ReplyFilesDeps {
  /** Throws a MargayError where there is none. */
  file(path: string): FileView;
  bytes(path: string, version: number): Promise<Uint8Array>;
  settings: { read<T>(key: string, schema: z.ZodType<T>): T | null; note(key: string, value: unknown, now: number): void };
  now(): number;
}

/**
 * The files that go with an answer where its reader has no page before them: what it shows, as a picture or a link, and results that it only names, those once in each content.
 * A path of something that the user sent is no reason to send it back to them, nor is one in the list of a command.
 */
export class ReplyFiles {
  constructor(private readonly deps: ReplyFilesDeps) {}

  /** `lane`: where it goes. */
  of({ text, model, status }: Pick<MessageView, "text" | "model" | "status">, lane: string): ReplyFile[] {
    if (status !== "done") return [];
    const sent = new Set(this.#sent());
    const files: ReplyFile[] = [];
    for (const { path, shown } of namedFiles(text)) {
      if (!shown && (model === null || !path.startsWith("/outputs/"))) continue;
      const file = this.#file(path);
      if (file === null || (!shown && sent.has(`${lane} ${idOf(file)}`))) continue;
      files.push(this.#going(file));
    }
    return files.slice(0, MAX_REPLY_FILES);
  }

  /** The picture that a question is asked with, of the page in the browser, while it is open. */
  ofQuestion(approval: Pick<ApprovalView, "state" | "tool" | "arguments">): ReplyFile[] {
    const picture = approval.state === "pending" ? pictureOf(approval) : null;
    const file = picture?.startsWith("/outputs/screenshots/") ? this.#file(picture) : null;
    return file === null ? [] : [this.#going(file)];
  }

  /** They arrived there. */
  told(files: readonly ReplyFile[], lane: string): void {
    if (files.length === 0) return;
    const now = files.map(({ id }) => `${lane} ${id}`);
    const before = this.#sent().filter((one) => !now.includes(one));
    this.deps.settings.note("sent_files", [...before, ...now].slice(-MAX_SENT), this.deps.now());
  }

  #sent(): string[] {
    return this.deps.settings.read("sent_files", Sent) ?? [];
  }

  #going(file: FileView): ReplyFile {
    const { path, name, mime, size } = file;
    return { id: idOf(file), path, name, mime, size, read: () => this.#bytes(file) };
  }

  #file(path: string): FileView | null {
    return unlessRefused(() => this.deps.file(path));
  }

  /** null: it is gone, or is another by now. */
  async #bytes({ path, version }: FileView): Promise<Uint8Array | null> {
    const read = await toResult(() => this.deps.bytes(path, version));
    return read.ok ? read.value : null;
  }
}

const idOf = ({ id, version }: FileView): string => `${id}:${version}`;
