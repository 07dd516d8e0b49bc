import type { EgressAnswer } from "../../egress/egress-result.ts";
import { freshFor } from "./fresh-for.ts";
import type { WebOptions, WebPort } from "./web-port.ts";

/** A page as it came, under its final address. */
export interface KeptPage extends Pick<EgressAnswer, "status" | "mediaType" | "charset" | "headers" | "bytes"> {
  /** Until then it is taken as it is; later the server is asked whether it still is so. UTC milliseconds. */
  freshUntil: number;
}

export interface PageCache {
  get(url: string): KeptPage | null;
  put(url: string, page: KeptPage, at: number): void;
  delete(url: string): void;
}

interface CachedWebDeps {
  web: Pick<WebPort, "fetch">;
  cache: PageCache;
  now(): number;
}

/** Larger ones are read anew. */
const MAX_BYTES = 1_500_000;

/**
 * The web with a memory of its own for one user, as RFC 9111 lets a private cache have one: what a server lets be kept is not fetched again while it is fresh, and later only if it changed.
 * Only a page that is plainly asked for is kept, under the address that answered, and never one that was asked for with a secret. What it says is from outside, kept or not.
 */
export const cachedWeb = ({ web, cache, now }: CachedWebDeps): Pick<WebPort, "fetch"> => ({
  async fetch(address, options) {
    const url = plainAddress(address, options);
    if (url === null) return web.fetch(address, options);
    const kept = cache.get(url);
    if (kept !== null && now() < kept.freshUntil) return answerOf(url, kept);
    const result = await web.fetch(
      address,
      kept === null ? options : { ...options, headers: { ...options.headers, ...conditionsOf(kept) } },
    );
    if (!result.ok) return result;
    // It leads elsewhere now, and what is there was asked about by the mark of another page.
    if (result.status === 304 && kept !== null && result.url !== url) {
      cache.delete(url);
      return web.fetch(address, options);
    }
    if (result.status === 304 && kept !== null) {
      const { freshUntil: _before, ...page } = { ...kept, headers: { ...kept.headers, ...result.headers } };
      const ms = freshFor(page.headers, now());
      if (ms === null) cache.delete(url);
      else cache.put(url, { ...page, freshUntil: now() + ms }, now());
      return answerOf(url, kept);
    }
    keep(result, cache, now());
    return result;
  },
});

/** The address where it is one that may be kept; null: it is not. */
function plainAddress(address: string, { method = "GET", body, secretName }: WebOptions): string | null {
  if (method !== "GET" || body !== undefined || secretName !== undefined) return null;
  const url = URL.parse(address);
  if (url === null) return null;
  url.hash = "";
  return url.href;
}

function keep({ status, url, mediaType, charset, headers, bytes, truncated }: EgressAnswer, cache: PageCache, now: number): void {
  const ms = status === 200 && !truncated && bytes.length <= MAX_BYTES ? freshFor(headers, now) : null;
  // What is fresh for no time and cannot be asked about again is of no use.
  if (ms === null || (ms === 0 && Object.keys(conditionsOf({ headers })).length === 0)) cache.delete(url);
  else cache.put(url, { status, mediaType, charset, headers, bytes, freshUntil: now + ms }, now);
}

const conditionsOf = ({ headers }: Pick<KeptPage, "headers">): Record<string, string> => ({
  ...(headers["etag"] === undefined ? {} : { "if-none-match": headers["etag"] }),
  ...(headers["last-modified"] === undefined ? {} : { "if-modified-since": headers["last-modified"] }),
});

const answerOf = (url: string, { freshUntil: _until, ...page }: KeptPage): EgressAnswer => ({
  ok: true,
  url,
  ...page,
  truncated: false,
  hops: [url],
});
