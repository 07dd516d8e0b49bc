/**
 * Reads when a provider wants to be asked again, as milliseconds from `now`; null: it did not say. Understands `retry-after-ms`
 * (OpenAI, Anthropic) and `retry-after` in seconds or as an HTTP date (RFC 9110, section 10.2.3).
 */
export function parseRetryAfter(headers: Readonly<Record<string, string | undefined>> | undefined, now: number): number | null {
  const precise = headers?.["retry-after-ms"]?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(precise)) return Math.ceil(Number(precise));
  const value = headers?.["retry-after"]?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  // Only the three date forms of the RFC: Date.parse() alone would also read "-1" or "2".
  if (!/^[A-Z][a-z]{2,8},? /.test(value)) return null;
  const date = Date.parse(value.endsWith("GMT") ? value : `${value} GMT`);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
