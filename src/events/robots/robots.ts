import type { Egress } from "../../egress/client.ts";
import { mayAsk, readRobots, type RobotsRule } from "./read-robots.ts";

/** The product token that Margay asks as, in small letters: `user-agent` of `request-headers.ts`. */
export const TOKEN = "margay";
/** As long as a robots.txt counts without being looked at again (RFC 9309, 2.4). */
export const KEPT_MS = 86_400_000;
/** Of a longer one the beginning counts (RFC 9309, 2.5). */
const MAX_BYTES = 512_000;
const TIMEOUT_MS = 10_000;

/** What sites said, by their origin. `at`: when, UTC milliseconds. */
export interface RobotsStore {
  get(origin: string): { rules: RobotsRule[]; at: number } | null;
  put(origin: string, rules: readonly RobotsRule[], at: number): void;
}

/** Whether an address may be looked at regularly. `no`: the site says so; `later`: what it says cannot be known now. `why` is a sentence. */
export type RobotsAnswer = { kind: "yes" } | { kind: "no" | "later"; why: string };

interface RobotsDeps {
  egress: Pick<Egress, "get">;
  store: RobotsStore;
  now(): number;
}

/** What sites ask of programs that come by themselves, again and again (RFC 9309). A person's own request for a page is none of that. */
export class Robots {
  constructor(private readonly deps: RobotsDeps) {}

  async judge(address: string): Promise<RobotsAnswer> {
    const url = URL.parse(address);
    // What is wrong with the address is said by whoever asks for it.
    if (url === null) return { kind: "yes" };
    const rules = await this.#rulesOf(url.origin);
    if (!Array.isArray(rules)) return rules;
    return mayAsk(rules, url)
      ? { kind: "yes" }
      : { kind: "no", why: `${url.host} asks programs not to look at this address by themselves (in its robots.txt).` };
  }

  async #rulesOf(origin: string): Promise<RobotsRule[] | RobotsAnswer> {
    const { egress, store, now } = this.deps;
    const known = store.get(origin);
    if (known !== null && now() - known.at < KEPT_MS) return known.rules;
    const result = await egress.get(`${origin}/robots.txt`, {
      headers: { accept: "text/plain, */*;q=0.1" },
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_MS,
    });
    const away = result.ok ? result.status >= 500 : result.code === "timeout" || result.code === "network";
    if (away) {
      // What it said last is better than nothing.
      if (known !== null) return known.rules;
      return {
        kind: "later",
        why: `Whether ${new URL(origin).host} lets programs look is not known: its robots.txt could not be read now.`,
      };
    }
    const rules = result.ok && result.status >= 200 && result.status < 300 ? readRobots(new TextDecoder().decode(result.bytes), TOKEN) : [];
    store.put(origin, rules, now());
    return rules;
  }
}
