import { LOOPBACK_NAMES } from "../http/loopback-names.ts";

const LOOPBACK_ADDRESSES = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

/** What proxies and tunnels add to what they pass on. */
const FORWARDING = [
  "forwarded",
  "via",
  "x-real-ip",
  "true-client-ip",
  "cf-ray",
  "cf-visitor",
  "cf-ipcountry",
  "cdn-loop",
  "cf-warp-tag-id",
];

/**
 * Whether a request was sent by a program on this machine to this machine: addressed to a loopback name (no DNS rebinding), by no page
 * of another site or port (`Origin`, `Sec-Fetch-Site`), and passed on by nobody. Pure.
 *
 * `cf-connecting-ip`: the local runtime states the peer's own address there; a tunnel states somebody else's.
 */
export function isLoopbackRequest(request: Request): boolean {
  const url = new URL(request.url);
  const { headers } = request;
  if (!LOOPBACK_NAMES.has(url.hostname)) return false;
  const host = headers.get("host");
  if (host !== null && host.toLowerCase() !== url.host) return false;
  const origin = headers.get("origin");
  if (origin !== null && origin !== url.origin) return false;
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return false;
  const peer = headers.get("cf-connecting-ip");
  if (peer !== null && !LOOPBACK_ADDRESSES.has(peer)) return false;
  for (const name of headers.keys())
    if (name.startsWith("x-forwarded-") || name.startsWith("cf-access-") || FORWARDING.includes(name)) return false;
  return true;
}
