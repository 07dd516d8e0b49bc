import { analyze } from "./analyze.ts";
import type { ArchivedMessage } from "./archive.ts";
import { isSensitive } from "./sensitive.ts";
import { MAX_MEMORY_TEXT, type MemoryKind } from "./shapes.ts";
import type { NewMemory, StoredMemory } from "./stored-memory.ts";

/** One change of what is remembered, found in what the user said. `quote` stands in one of their messages, word for word. */
export type Found =
  | { op: "add"; kind: MemoryKind; text: string; quote: string; aboutAt: number | null; expiresAt: number | null; confidence: number }
  | { op: "supersede"; id: string; kind: MemoryKind; text: string; quote: string; aboutAt: number | null; confidence: number }
  /** It says again what is known. */
  | { op: "merge"; id: string; quote: string }
  /** What was known holds no more. */
  | { op: "drop"; id: string; quote: string };

/** A part of the conversation that is looked through. */
export interface Batch {
  /** In order; of the user what they typed, of the assistant only what read nothing from outside. */
  messages: readonly ArchivedMessage[];
  /** Memories that may be meant, without those that content from outside had a part in. */
  known: readonly StoredMemory[];
}

/** Finds what is to be remembered. Throws a `ModelError` when it cannot be asked now. */
export type Extractor = (batch: Batch) => Promise<Found[]>;

const plain = (text: string): string => text.toLowerCase().replaceAll("’", "'").replaceAll(/\s+/gu, " ").trim();
/** Codes, numbers and addresses must be the user's own. */
const IDENTIFIER = /[\p{L}\p{N}._+-]*@[\p{L}\p{N}._+-]+|\d[\d\s().\-/]*\d|\d+/gu;
const digits = (text: string): string => text.replaceAll(/[\s().\-/]/gu, "");

/** The message of the user in which the quote stands; null: in none. */
export function messageWith(quote: string, messages: readonly ArchivedMessage[]): ArchivedMessage | null {
  const wanted = plain(quote);
  if (wanted.length < 4) return null;
  return messages.find(({ role, text }) => role === "user" && plain(text).includes(wanted)) ?? null;
}

/**
 * What of it may be kept: it rests on words that the user typed, has no number or address that they did not type, and is nothing secret. The model's word alone is no reason to remember
 * anything.
 */
export function vouchedFor(found: readonly Found[], messages: readonly ArchivedMessage[]): Found[] {
  return found.filter((one) => {
    const said = messageWith(one.quote, messages);
    if (said === null) return false;
    if (one.op !== "add" && one.op !== "supersede") return true;
    if (one.text.trim() === "" || one.text.length > MAX_MEMORY_TEXT || analyze(one.text).length === 0) return false;
    if (isSensitive(one.text) || isSensitive(one.quote)) return false;
    const typed = digits(plain(said.text));
    return [...plain(one.text).matchAll(IDENTIFIER)].every(
      ([identifier]) => digits(identifier).length < 3 || typed.includes(digits(identifier)),
    );
  });
}

/** As a memory that the agent made by itself of what was said. */
export const quietly = (
  { kind, text, quote, aboutAt, confidence }: Pick<Extract<Found, { op: "add" }>, "kind" | "text" | "quote" | "aboutAt" | "confidence">,
  expiresAt: number | null,
  { messageId, channel }: { messageId: string; channel: string | null },
): NewMemory => ({
  kind: kind === "ephemeral" && expiresAt === null ? "fact" : kind,
  text: text.trim(),
  about_at: aboutAt,
  source: { kind: "chat", id: messageId, quote: quote.trim().slice(0, 500), channel },
  confidence,
  tainted: false,
  pinned: false,
  asked: false,
  expires_at: kind === "ephemeral" ? expiresAt : null,
});
