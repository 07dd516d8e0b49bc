import { createHash } from "node:crypto";
import { MargayError } from "../errors.ts";
import type { Content } from "./stored-file.ts";

/** What a request wants to find before it changes a file: its two headers, as they came (RFC 9110, 13.1). */
export interface Preconditions {
  ifMatch: string | null;
  ifNoneMatch: string | null;
}

export interface Conditional {
  preconditions?: Preconditions;
}

/** The strong tag of a content. Forgetting changes a text within its version, so the text itself is what is told apart; the bytes at a key never change. */
export const etagOf = ({ text, key }: Content): string =>
  `"${createHash("sha256")
    .update(JSON.stringify([text, key]))
    .digest("hex")}"`;

/**
 * Whether a list of tags names this one, or all. A tag that was made weak on the way, by compression, names it too: all tags that are given out are strong, so it can only have been that one.
 */
export function namesTag(list: string, etag: string | null): boolean {
  const tags = list.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || (etag !== null && tags.includes(etag));
}

/** Throws `precondition_failed`, with the tag of what is there. A folder is there, but has no tag. */
export function checkPreconditions(path: string, { ifMatch, ifNoneMatch }: Preconditions, found: Content | "folder" | null): void {
  const etag = found === null || found === "folder" ? null : etagOf(found);
  const details = etag === null ? undefined : { etag };
  if (ifMatch !== null && found === null)
    throw new MargayError("precondition_failed", `There is nothing at ${path}, which is not what \`If-Match\` asks for.`);
  if (ifMatch !== null && !namesTag(ifMatch, etag))
    throw new MargayError(
      "precondition_failed",
      `${path} is not what \`If-Match\` names: it was changed meanwhile. Read it again.`,
      details,
    );
  if (ifNoneMatch !== null && found !== null && namesTag(ifNoneMatch, etag))
    throw new MargayError("precondition_failed", `There is something at ${path} already, which \`If-None-Match\` rules out.`, details);
}
