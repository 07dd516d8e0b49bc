import { sizeOf } from "../../workspace/size-of.ts";
import type { Delivery, ReplyFile } from "../channel.ts";
import type { OutgoingMail } from "../outgoing-mail.ts";

/** Bytes of all files of a mail: Email Service takes 5 MiB of it, in which they take a third more, and the text stands twice. */
const MOST = 3_000_000;

/** Attempts until a mail goes without a file that cannot be read. */
const READ_ATTEMPTS = 4;

/** The files that go with a mail, and a sentence for each that does not. Throws where one cannot be read, at first: it may be in a while. */
export async function attach({
  files,
  text,
  attempt,
}: Pick<Delivery, "files" | "text" | "attempt">): Promise<{ attachments: NonNullable<OutgoingMail["attachments"]>; left: string[] }> {
  const attachments: NonNullable<OutgoingMail["attachments"]> = [];
  const left: string[] = [];
  let room = MOST - 2 * text.length;
  for (const file of files) {
    const bytes = file.size > room ? null : await read(file, attempt < READ_ATTEMPTS);
    if (bytes === null) {
      left.push(
        `\`${file.path}\` ${file.size > room ? `is too large for this mail (${sizeOf(file.size)})` : "is gone, was changed meanwhile, or cannot be read"}.`,
      );
      continue;
    }
    room -= bytes.byteLength;
    attachments.push({ disposition: "attachment", filename: file.name.replaceAll(/["\\\r\n]/g, "_"), type: file.mime, content: bytes });
  }
  return { attachments, left };
}

async function read(file: ReplyFile, patient: boolean): Promise<Uint8Array | null> {
  try {
    return await file.read();
  } catch (error) {
    if (patient) throw error;
    return null;
  }
}

/** What was left out, below the text. */
export const withLeft = (text: string, left: readonly string[]): string =>
  left.length === 0 ? text : [text, ...left, "It is on your page under Files."].filter((part) => part !== "").join("\n\n");
