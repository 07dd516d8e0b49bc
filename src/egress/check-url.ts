import { hostProblem } from "./public-host.ts";

/** Why an address is not asked for. `bad_url`: its form; `private_address`: where it leads. */
export type UrlRefusal = "bad_url" | "private_address";

export type EgressUrlCheck =
  | { allowed: true; url: URL }
  | { allowed: false; code: UrlRefusal; /** A whole sentence for a person. */ reason: string };

/** The longest address, in characters. */
export const MAX_URL = 2000;

/** Ports at which web servers are. Everything else on a public host may be something that is not a web server and believes what it is told. */
const PORTS = new Set(["", "80", "443", "8080", "8443"]);

/**
 * Whether Margay may ask for an address: the one filter for whatever leaves. Pure: it judges the text and resolves nothing. What a parser would tidy away (white space,
 * control characters, backslashes, missing or surplus slashes) is refused, since another parser may tidy it differently; the rest is decoded by the URL standard's
 * parser (hex, octal, decimal and short IPv4, full-width letters, percent-escapes, punycode), and what it made is judged.
 */
export function checkEgressUrl(text: string): EgressUrlCheck {
  const problem = formProblem(text);
  if (problem !== null) return bad(problem);
  const url = URL.parse(text);
  if (url === null) return bad("This is not a web address that can be read.");
  if (url.protocol !== "https:" && url.protocol !== "http:") return bad(NOT_WEB);
  if (url.username !== "" || url.password !== "") return bad(CREDENTIALS);
  if (!PORTS.has(url.port)) return bad(`Port ${url.port} is not one of a web server (80, 443, 8080 or 8443).`);
  const where = hostProblem(url.hostname);
  return where === null ? { allowed: true, url } : { allowed: false, code: "private_address", reason: `${url.hostname} ${where}.` };
}

const NOT_WEB = "The address must start with http:// or https:// and a host.";
const CREDENTIALS = "The address must not hold a user name or password.";

function formProblem(text: string): string | null {
  if (text === "") return "The address is empty.";
  if (text.length > MAX_URL) return `The address is longer than ${MAX_URL} characters.`;
  if (/[\p{Cc}\s]/u.test(text)) return "The address holds white space or control characters.";
  if (text.includes("\\")) return "The address holds a backslash.";
  if (!text.isWellFormed()) return "The address holds half a character.";
  const authority = /^https?:\/\/([^/?#]+)/i.exec(text)?.[1];
  if (authority === undefined) return NOT_WEB;
  // Also an empty one, which the parser drops: "https://@host/", "https://:@host/".
  return authority.includes("@") ? CREDENTIALS : null;
}

const bad = (reason: string): EgressUrlCheck => ({ allowed: false, code: "bad_url", reason });
