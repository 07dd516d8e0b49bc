import { sha256Hex } from "../audit/hash.ts";
import { readChatGpt } from "./chatgpt.ts";
import { readClaude } from "./claude.ts";
import { detect, type Detected } from "./detect.ts";
import { type FoundConversation, type FoundMessage, IMPORT_LIMITS, type ImportLimits, type Item, skipped } from "./found.ts";
import { readMarkdownFolder } from "./markdown-folder.ts";
import { readOpenClaw } from "./openclaw.ts";
import type { Archive } from "./read-archive.ts";
import type { ImportFormat } from "./shapes.ts";

/** Everything that an archive holds, always in the same order, no more than the limits allow. */
export function itemsOf(archive: Archive, limits: ImportLimits = IMPORT_LIMITS): { format: ImportFormat; items: Generator<Item, void> } {
  const detected = detect(archive, limits);
  return { format: detected.format, items: limited(archive, reading(archive, detected, limits), limits) };
}

function reading(archive: Archive, { format, root }: Detected, limits: ImportLimits): Generator<Item, void> {
  switch (format) {
    case "openclaw":
      return readOpenClaw(archive, root, limits);
    case "chatgpt":
      return readChatGpt(archive, limits);
    case "claude":
      return readClaude(archive, limits);
    case "markdown":
      return readMarkdownFolder(archive, root, limits);
  }
}

function* limited(archive: Archive, items: Iterable<Item>, limits: ImportLimits): Generator<Item, void> {
  for (const { path, reason } of archive.skipped) yield skipped(path, reason);
  let [messages, memories, leftOut, forgotten] = [0, 0, 0, 0];
  for (const item of items) {
    if (item.kind === "conversation") {
      if (messages + item.messages.length > limits.messages) leftOut++;
      else {
        messages += item.messages.length;
        yield { ...item, messages: item.messages.map((message) => ({ ...message, text: shortened(message.text, limits.message) })) };
      }
    } else if (item.kind === "memory" && ++memories > limits.memories) forgotten++;
    else yield item;
  }
  const many = (count: number): string => count.toLocaleString("en");
  if (leftOut > 0)
    yield skipped(
      "conversations",
      `${many(leftOut)} conversations are left out: more than ${many(limits.messages)} messages are not taken over at once.`,
    );
  if (forgotten > 0)
    yield skipped("memories", `${many(forgotten)} memories are left out: more than ${many(limits.memories)} are not taken over at once.`);
}

function shortened(text: string, most: number): string {
  const whole = text.replaceAll("\0", "").toWellFormed();
  return whole.length > most ? `${whole.slice(0, most).toWellFormed()}\n[… the rest was too long]` : whole;
}

/** The other product's id where it is one, else a hash: it becomes part of ours. */
const plainId = (id: string): string => (/^[A-Za-z0-9_-]{1,80}$/.test(id) ? id : sha256Hex(id).slice(0, 40));

export const conversationId = (format: ImportFormat, conversation: Pick<FoundConversation, "id">): string =>
  `import:${format}:${plainId(conversation.id)}`;

/** The same message has the same id in every import, also in a later export that holds more. */
export const messageId = (conversation: string, { externalId }: Pick<FoundMessage, "externalId">): string =>
  `im-${sha256Hex(`${conversation}\n${externalId}`).slice(0, 40)}`;

/** A memory or a persona is what it says: the same words from the same product are taken over once. */
export const contentId = (format: ImportFormat, kind: "memory" | "persona", text: string, aboutAt: number | null): string =>
  `${kind}-${sha256Hex(JSON.stringify([format, kind, text, aboutAt])).slice(0, 40)}`;
