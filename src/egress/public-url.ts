import { isPublicIpv4, isPublicIpv6, parseIpv4, parseIpv6 } from "./ip-address.ts";

export type UrlCheck = { allowed: true } | { allowed: false; reason: string };

/** Ports that an https service on the internet is expected at. */
const PORTS = new Set(["", "443", "8443"]);

/** Last labels that name nothing on the public internet (RFC 2606, 6761, 6762, 7686, 8375, ICANN's `.internal`, and what home and office routers use). */
const PRIVATE_SUFFIXES = [
  "localhost",
  "localdomain",
  "local",
  "internal",
  "intranet",
  "private",
  "corp",
  "home",
  "lan",
  "localnet",
  "test",
  "example",
  "invalid",
  "onion",
  "alt",
  "arpa",
];

/** Public names that answer with any address their caller writes into them, or with loopback. */
const WILDCARD_DNS = ["nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me", "vcap.me", "lacolhost.com", "rebind.it", "1u.ms"];

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
export function isPublicHost(hostname: string): boolean {
  if (hostname.startsWith("[")) {
    const groups = parseIpv6(hostname.slice(1, -1));
    return groups !== null && isPublicIpv6(groups);
  }
  // One trailing dot is the root and means the same name; the URL standard keeps it.
  const name = hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
  const ipv4 = parseIpv4(name);
  if (ipv4) return isPublicIpv4(ipv4);
  return isPublicName(name);
}

function isPublicName(name: string): boolean {
  const labels = name.split(".");
  // A single label is completed by the resolver's search list and so names a neighbour.
  if (labels.length < 2 || name.length > 253) return false;
  if (!labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))) return false;
  const under = (suffix: string): boolean => name === suffix || name.endsWith(`.${suffix}`);
  return !PRIVATE_SUFFIXES.some(under) && !WILDCARD_DNS.some(under);
}

const no = (reason: string): UrlCheck => ({ allowed: false, reason });
