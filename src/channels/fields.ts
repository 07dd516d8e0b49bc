import { z } from "zod";
import { type ContentItem, type FileRef, MAX_TEXT } from "./message.ts";

/**
 * Text as a client sends it, kept unchanged. Half a surrogate pair (`"\ud800"` in JSON) is refused, since it has no UTF-8 form and could not be kept
 * as it came.
 */
export const Text = z
  .string()
  .max(MAX_TEXT, `is longer than ${MAX_TEXT} characters`)
  .refine((text) => text.isWellFormed(), "holds half a surrogate pair");

/** What a client sends along with a message: text, or any JSON object or list. Content, never the user's word. */
export const ContextField = z.union([Text, z.record(z.string(), z.unknown()), z.array(z.unknown())]);
export type ContextField = z.infer<typeof ContextField>;

/** An IANA time zone that this runtime knows. */
export const TimeZone = z.string().max(64).refine(isTimeZone, "is not a time zone such as Europe/Berlin");

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** A `context` field as content: text as it is, JSON as JSON. Null when it is longer than one item may be. */
export function contextItem(context: ContextField, origin: string): ContentItem | null {
  const text = typeof context === "string" ? context : JSON.stringify(context);
  return text.length > MAX_TEXT ? null : { kind: "context", origin, text };
}

/** Whether a file named by a client is the user's own: keys of others are answered like keys that do not exist. */
export const isOwnFile = (file: FileRef, userId: string): boolean => file.key.startsWith(`u/${userId}/`);
