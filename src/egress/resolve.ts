import { z } from "zod";
import { timeLimit } from "../time-limit.ts";

/** What a name stands for. `unknown`: nobody could be asked, or the answer was odd; the request itself will show. */
export type Resolution = { kind: "addresses"; addresses: string[] } | { kind: "no_such_host" } | { kind: "unknown" };

/** Asks for the addresses of a name. Never throws. */
export type Resolve = (name: string) => Promise<Resolution>;

/** The part of `fetch` that is used here and by {@link Egress}. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** DNS codes: https://www.iana.org/assignments/dns-parameters */
const TYPES = { A: 1, AAAA: 28 } as const;
const NOERROR = 0;
const NXDOMAIN = 3;
const TIMEOUT_MS = 3000;

/** Cloudflare's JSON answer: https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/ */
const Answer = z.object({
  Status: z.number().int(),
  Answer: z.array(z.object({ type: z.number().int(), data: z.string().max(1000) })).optional(),
});

/**
 * DNS over HTTPS. It is asked before each request, because a public name may stand for a private address. The request itself resolves the name again, so somebody who answers
 * differently the second time gets past this; where Margay runs deployed, the network behind `fetch` has no private addresses to reach.
 */
export function resolveWith(fetch: Fetch): Resolve {
  return async (name) => {
    const limit = timeLimit(TIMEOUT_MS);
    try {
      const [v4, v6] = await Promise.all([ask(fetch, name, "A", limit.signal), ask(fetch, name, "AAAA", limit.signal)]);
      const addresses = [...(v4?.addresses ?? []), ...(v6?.addresses ?? [])];
      if (addresses.length > 0) return { kind: "addresses", addresses };
      // NXDOMAIN is said of a name, whatever type was asked for (RFC 8020); otherwise both types must be known to be missing.
      if (v4?.status === NXDOMAIN || v6?.status === NXDOMAIN) return { kind: "no_such_host" };
      return v4?.status === NOERROR && v6?.status === NOERROR ? { kind: "no_such_host" } : { kind: "unknown" };
    } finally {
      limit.end();
    }
  };
}

/** null: no answer that can be read. */
async function ask(
  fetch: Fetch,
  name: string,
  type: keyof typeof TYPES,
  signal: AbortSignal,
): Promise<{ status: number; addresses: string[] } | null> {
  try {
    const query = new URLSearchParams({ name, type });
    const response = await fetch(`https://cloudflare-dns.com/dns-query?${query.toString()}`, {
      headers: { accept: "application/dns-json" },
      redirect: "manual",
      signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      return null;
    }
    const read = Answer.safeParse(await response.json());
    if (!read.success) return null;
    // Between the name and its addresses there may be other names (CNAME).
    const records = (read.data.Answer ?? []).filter((record) => record.type === TYPES[type]);
    return { status: read.data.Status, addresses: records.map(({ data }) => data) };
  } catch {
    return null;
  }
}
