import type { TgContent, TgPhoto } from "./update-schema.ts";

/** `getFile` serves files up to 20 MB (core.telegram.org/bots/api#getfile). */
export const MAX_FILE = 20 * 1024 * 1024;

/** A file that came with a message, still at Telegram. */
export interface Attachment {
  fileId: string;
  /** The same for the same file, whichever message it comes in; with the bot it names the stored copy. */
  uniqueId: string;
  bot: string;
  /** As the sender's app gave them: not yet safe for a storage key or a header. */
  name: string;
  mime: string;
  /** Bytes; null: Telegram did not say. */
  size: number | null;
  /** How the content item is labelled. */
  origin: string;
}

/** The photo (its largest size) or document of a message; null: it has none. `foreign` labels one that is not the sender's own. */
export function attachmentOf(message: TgContent & { message_id: number }, bot: string, foreign: string | null): Attachment | null {
  if (message.photo) {
    const photo = largest(message.photo);
    if (!photo) return null;
    return {
      fileId: photo.file_id,
      uniqueId: photo.file_unique_id,
      bot,
      name: `photo-${message.message_id}.jpg`,
      mime: "image/jpeg",
      size: photo.file_size ?? null,
      origin: foreign ?? "Photo from the user",
    };
  }
  const { document } = message;
  if (!document) return null;
  return {
    fileId: document.file_id,
    uniqueId: document.file_unique_id,
    bot,
    name: document.file_name || `document-${message.message_id}`,
    mime: document.mime_type ?? "application/octet-stream",
    size: document.file_size ?? null,
    origin: foreign ?? "Document from the user",
  };
}

/** The largest size that can be downloaded; when none can, the largest. */
function largest(sizes: readonly TgPhoto[]): TgPhoto | undefined {
  const bySize = sizes.toSorted((a, b) => b.width * b.height - a.width * a.height);
  return bySize.find((photo) => (photo.file_size ?? 0) <= MAX_FILE) ?? bySize[0];
}
