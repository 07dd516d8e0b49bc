import { sizeOf } from "../../workspace/size-of.ts";
import type { ReplyFile } from "../channel.ts";
import type { OutgoingMail } from "../outgoing-mail.ts";

/** Bytes of all files of a mail: Email Service takes 5 MiB of it, in which they take a third more, and the text stands twice. */
const MOST = 3_000_000;

/** The files that go with a mail whose text is so long, and a sentence for each that does not. */
export async function attach(
  files: readonly ReplyFile[],
  textLength: number,
): Promise<{ attachments: NonNullable<OutgoingMail["attachments"]>; left: string[] }> {
  const attachments: NonNullable<OutgoingMail["attachments"]> = [];
  const left: string[] = [];
  let room = MOST - 2 * textLength;
  for (const file of files) {
    const bytes = file.size > room ? null : await file.read();
    if (bytes === null) {
      left.push(
        `\`${file.path}\` ${file.size > room ? `is too large for this mail (${sizeOf(file.size)})` : "is gone, or was changed meanwhile"}.`,
      );
      continue;
    }
    room -= bytes.byteLength;
    attachments.push({ disposition: "attachment", filename: file.name.replaceAll(/["\\\r\n]/g, "_"), type: file.mime, content: bytes });
  }
  return { attachments, left };
}

/** What was left out, below the text. */
export const withLeft = (text: string, left: readonly string[]): string =>
  left.length === 0 ? text : [text, ...left, "It is on your page under Files."].filter((part) => part !== "").join("\n\n");
