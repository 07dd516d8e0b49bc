import type { FileRef } from "../channels/message.ts";
import type { PromptMessage } from "./prompt.ts";

/** What every provider's vision models take (Anthropic and OpenAI API references, "Vision"). Others are named, not shown. */
const SHOWN_TYPES: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);
/** An image is shown while its message is among the newest; later it is only named. An album holds ten. */
const IMAGE_MESSAGES = 12;
const MAX_IMAGES = 10;
/** All of them together, bytes: the object has 128 MB for everything, and a request holds them once more as base64. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The images of a conversation (oldest message first) that the model shall see, oldest first. One whose answer ended in an error is not shown again: a
 * picture that no model takes must not take the following turns with it.
 */
export function imagesToShow(context: readonly PromptMessage[]): FileRef[] {
  const found: FileRef[] = [];
  let unanswered: FileRef[] = [];
  for (const message of context.slice(-IMAGE_MESSAGES)) {
    if (message.role === "user") unanswered.push(...imagesOf(message));
    else {
      if (!message.ending) found.push(...unanswered);
      unanswered = [];
    }
  }
  let bytes = 0;
  return [...found, ...unanswered]
    .toReversed()
    .filter((file, index) => index < MAX_IMAGES && (bytes += file.size) <= MAX_BYTES)
    .toReversed();
}

const imagesOf = (message: PromptMessage): FileRef[] =>
  message.content.flatMap((item) => (item.kind === "file" && SHOWN_TYPES.has(item.file.mime) ? [item.file] : []));
