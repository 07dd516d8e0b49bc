import { type Api, InputFile } from "grammy/web";
import type { ReplyFile } from "../channel.ts";

/** The largest file that is sent: a bot may send 50 MB (core.telegram.org/bots/api#senddocument), but it is in memory whole on its way. */
export const MAX_SENT_FILE = 20 * 1024 * 1024;
/** The largest photo (core.telegram.org/bots/api#sendphoto); a larger picture is a document. */
const MAX_PHOTO = 10 * 1024 * 1024;

const PHOTOS: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/webp"]);

/** Whether Telegram shows it as a picture. */
export const isPhoto = ({ mime, size }: Pick<ReplyFile, "mime" | "size">): boolean => PHOTOS.has(mime) && size <= MAX_PHOTO;

/** Sends a file under its name, as a photo or as a document. */
export async function sendFile(
  api: Api,
  chatId: number,
  { name, bytes, photo }: { name: string; bytes: Uint8Array; photo: boolean },
  thread: { message_thread_id?: number },
): Promise<{ message_id: number }> {
  // grammY writes it into a header as it is: without quotes a blank could end it, and these would in any case.
  const file = new InputFile(bytes, `"${name.replaceAll(/["\\\r\n]/g, "_")}"`);
  // What Telegram would find in a document by itself is not wanted: a file is a file.
  return photo ? api.sendPhoto(chatId, file, thread) : api.sendDocument(chatId, file, { ...thread, disable_content_type_detection: true });
}
