/** A `content-type` header taken apart: lower case, without parameters, and its charset. What is missing or no media type is `application/octet-stream` (RFC 9110, 8.3). */
export function readMediaType(header: string | null): { mediaType: string; charset: string | null } {
  const text = (header ?? "").slice(0, 500).toLowerCase();
  const mediaType = /^\s*([\w!#$&^.+-]{1,60}\/[\w!#$&^.+-]{1,100})\s*(?:;|$)/.exec(text)?.[1] ?? "application/octet-stream";
  const charset = /;\s*charset\s*=\s*["']?([\w.:-]{1,40})/.exec(text)?.[1] ?? null;
  return { mediaType, charset };
}

/** Whether a media type begins as one of the patterns says ("text/"), or ends so where the pattern has a plus sign ("+json"). */
export const typeAllowed = (mediaType: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.startsWith("+") ? mediaType.endsWith(pattern) : mediaType.startsWith(pattern)));
