import { hostProblem } from "./public-host.ts";

export type UrlCheck = { allowed: true } | { allowed: false; reason: string };

/** Ports that an https service on the internet is expected at. */
const PORTS = new Set(["", "443", "8443"]);

/**
 * Whether Margay may send something to an address that a client wrote down. Pure: it judges the text and resolves nothing. The URL
 * standard's parser does the decoding (hex, octal and decimal IPv4, full-width letters, percent-escapes, punycode), and what it made is judged.
 * `reason` continues a sentence: "callback_url must use https".
 */
export function checkPublicUrl(address: string): UrlCheck {
  if (address.length > 2000) return no("is longer than 2000 characters");
  const url = URL.parse(address);
  if (!url) return no("is not a URL");
  if (url.protocol !== "https:") return no("must use https");
  if (url.username !== "" || url.password !== "") return no("must not hold credentials");
  if (!PORTS.has(url.port)) return no("must use port 443 or 8443");
  return isPublicHost(url.hostname) ? { allowed: true } : no("must name a public host");
}

/** Judges the host of a parsed URL: lower case, canonical IPv4, IPv6 in brackets. */
export const isPublicHost = (hostname: string): boolean => hostProblem(hostname) === null;

const no = (reason: string): UrlCheck => ({ allowed: false, reason });
