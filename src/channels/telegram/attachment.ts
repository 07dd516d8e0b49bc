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

/** The photo (its largest size), document, sound or film of a message, also one that was recorded for it; null: it has none. `foreign` labels one that is not the sender's own. */
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
  // A film or a song may come with a document for old programs: it is the same file.
  const kind = KINDS.find((one) => message[one] !== undefined);
  const file = kind && message[kind];
  if (!kind || !file) return null;
  const { name, mime, label } = ABOUT[kind];
  return {
    fileId: file.file_id,
    uniqueId: file.file_unique_id,
    bot,
    // The apps often leave the name out; without its ending nothing plays it.
    name: file.file_name || `${name}-${message.message_id}${kind === "document" ? "" : (ENDINGS[file.mime_type ?? mime] ?? ENDINGS[mime])}`,
    mime: file.mime_type ?? mime,
    size: file.file_size ?? null,
    origin: foreign ?? `${label} from the user`,
  };
}

const KINDS = ["audio", "voice", "video", "video_note", "document"] as const;

/** What each is called, and its type where Telegram does not say: of what was recorded in its apps it never varies. */
const ABOUT: Readonly<Record<(typeof KINDS)[number], { name: string; mime: string; label: string }>> = {
  audio: { name: "audio", mime: "audio/mpeg", label: "Audio" },
  voice: { name: "voice", mime: "audio/ogg", label: "Voice message" },
  video: { name: "video", mime: "video/mp4", label: "Video" },
  video_note: { name: "video-message", mime: "video/mp4", label: "Video message" },
  document: { name: "document", mime: "application/octet-stream", label: "Document" },
};

const ENDINGS: Readonly<Record<string, string>> = {
  "audio/mpeg": ".mp3",
  "audio/ogg": ".ogg",
  "audio/mp4": ".m4a",
  "audio/x-m4a": ".m4a",
  "audio/flac": ".flac",
  "audio/wav": ".wav",
  "audio/x-wav": ".wav",
  "video/mp4": ".mp4",
  "video/webm": ".webm",
  "video/quicktime": ".mov",
};

/** The largest size that can be downloaded; when none can, the largest. */
function largest(sizes: readonly TgPhoto[]): TgPhoto | undefined {
  const bySize = sizes.toSorted((a, b) => b.width * b.height - a.width * a.height);
  return bySize.find((photo) => (photo.file_size ?? 0) <= MAX_FILE) ?? bySize[0];
}
