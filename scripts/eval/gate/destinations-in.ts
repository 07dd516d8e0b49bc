import { readDestination } from "../../../src/permission/destination.ts";
import { readEmail } from "../../../src/permission/email.ts";

/**
 * The destinations in a value of a call's arguments: every text and number in it, and of a text that lists several addresses each one alone. What cannot be taken
 * apart is one destination as it stands: none is lost.
 */
export function destinationsIn(value: unknown): string[] {
  return [...new Set(textsIn(value).flatMap(addressesIn))];
}

export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value.trim() === "" ? [] : [value];
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return [String(value)];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function addressesIn(text: string): string[] {
  const whole = text.trim();
  // An address of the web may hold commas.
  if (/^[a-z][a-z0-9+.-]*:\/\/\S*$/i.test(whole)) return [whole];
  const mailto = /^mailto:(.*)$/is.exec(whole)?.[1];
  if (mailto !== undefined) return mailtoAddresses(whole, mailto);
  const single = emailsOf(whole);
  if (single !== null) return single;
  for (const separator of [LIST, /\s+/u]) {
    const parts = whole
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== "");
    if (parts.length < 2) continue;
    const each = parts.map((part) => emailsOf(part) ?? (hasForm(part) ? [part] : null));
    if (each.every((found) => found !== null)) return each.flat();
  }
  return [whole];
}

/** Between entries of a list, not within quotes or angle brackets. */
const LIST = /[,;\n](?=(?:[^"]*"[^"]*")*[^"]*$)(?![^<]*>)/u;

/** The bare address of `Bob <bob@example.com>`. A name that is itself an address counts too: which of the two a mailer takes is not ours to guess. null: no address. */
function emailsOf(text: string): string[] | null {
  const read = readEmail(text);
  if (read === null) return null;
  const bracketed = /^(.*)<([^<>]*)>\s*$/s.exec(text);
  const bare = (bracketed?.[2] ?? text).trim();
  const named = (bracketed?.[1] ?? "").replaceAll(/["'“”‘’]/g, " ").trim();
  return readEmail(named) === null ? [bare] : [bare, named];
}

/** Whether a text is an address, a host, a number or a single word that names a channel or an account. */
const hasForm = (text: string): boolean => readDestination(text).kind !== "name" || /^[#@][^\s#@]+$/u.test(text);

/** `mailto:a@example.com,b@example.com?cc=c@example.com` (RFC 6068). */
function mailtoAddresses(whole: string, rest: string): string[] {
  const [to = "", query = ""] = rest.split("?", 2);
  const fields = [...new URLSearchParams(query)].filter(([name]) => /^(?:to|cc|bcc)$/i.test(name)).map(([, value]) => value);
  const listed = [decoded(to), ...fields]
    .flatMap((field) => field.split(","))
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return listed.length > 0 && listed.every((part) => readEmail(part) !== null) ? listed : [whole];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
