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

/** The photo (its largest size), document, sound or film of a message; null: it has none. `foreign` labels one that is not the sender's own. */
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
  const { audio, video, document } = message;
  // A film or a song may come with a document for old programs: it is the same file.
  const file = audio ?? video ?? document;
  if (!file) return null;
  const kind = audio ? "audio" : video ? "video" : "document";
  return {
    fileId: file.file_id,
    uniqueId: file.file_unique_id,
    bot,
    name: file.file_name || `${kind}-${message.message_id}${endingOf(kind, file.mime_type)}`,
    mime: file.mime_type ?? "application/octet-stream",
    size: file.file_size ?? null,
    origin: foreign ?? `${kind[0]?.toUpperCase()}${kind.slice(1)} from the user`,
  };
}

/** Telegram's apps often leave the name of a film out; without its ending it is played nowhere. */
const endingOf = (kind: "audio" | "video" | "document", mime = ""): string =>
  kind === "document" ? "" : (ENDINGS[mime] ?? (kind === "audio" ? ".mp3" : ".mp4"));

const ENDINGS: Readonly<Record<string, string>> = {
  "audio/ogg": ".ogg",
  "audio/mp4": ".m4a",
  "audio/x-m4a": ".m4a",
  "audio/flac": ".flac",
  "audio/wav": ".wav",
  "audio/x-wav": ".wav",
  "video/webm": ".webm",
  "video/quicktime": ".mov",
};

/** The largest size that can be downloaded; when none can, the largest. */
function largest(sizes: readonly TgPhoto[]): TgPhoto | undefined {
  const bySize = sizes.toSorted((a, b) => b.width * b.height - a.width * a.height);
  return bySize.find((photo) => (photo.file_size ?? 0) <= MAX_FILE) ?? bySize[0];
}
