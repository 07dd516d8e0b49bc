import { scrubKeys } from "./secrets/key-shapes.ts";

/** Fields of a log line: plain values only. Never message text, never a secret, never a raw user id. */
export type LogFields = Record<string, string | number | boolean | null>;

/** Writes one JSON line an event. The only place that touches the console. */
export type Log = (event: string, fields: LogFields, level?: "info" | "warn" | "error") => void;

export const log: Log = (event, fields, level = "info") => {
  const line = scrubKeys(JSON.stringify({ event, level, ...fields }));
  /* oxlint-disable no-console */
  if (level === "error") console.error(line);
  else if (level === "warn") console.warn(line);
  else console.log(line);
  /* oxlint-enable no-console */
};

/**
 * The kind of an error and where it happened, for a log line. Its message stays out: that of a failed query holds the query's values, an
 * email, a password's hash or a session's token among them.
 */
export function whereOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  // The stack begins with the message, which may have lines that look like frames.
  const frames = (error.stack ?? "")
    .replace(error.message, () => "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames.slice(0, 8)].join("\n").slice(0, 2000);
}

const hashes = new Map<string, string>();

/** A short one-way mark of a user id for logs (first 12 hex digits of its SHA-256). The same user has the same mark in every line. */
export async function userMark(userId: string): Promise<string> {
  const known = hashes.get(userId);
  if (known) return known;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`margay-log:${userId}`));
  const mark = Array.from(new Uint8Array(digest, 0, 6), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hashes.size > 5_000) hashes.clear();
  hashes.set(userId, mark);
  return mark;
}
