import type { Settings } from "../env.ts";
import { boundedFetch } from "../models/bounded-fetch.ts";
import { DAILY_SEARCHES, type DailyLimit, withDailyLimit } from "./daily-limit.ts";
import { brave } from "./drivers/brave.ts";
import { canSearch, cloudflare } from "./drivers/cloudflare.ts";
import { exa } from "./drivers/exa.ts";
import { searxng } from "./drivers/searxng.ts";
import type { WebSearch } from "./web-search.ts";

/** Names of engines, as the setting `WEB_SEARCH` says them. */
export const SEARCH_ENGINES = ["brave", "exa", "searxng", "cloudflare"] as const;

/** Under these names a user keeps a key of their own, under Settings → Secrets. */
export const SEARCH_SECRETS = { brave: "brave_search", exa: "exa_search" } as const;

/** The most of an answer that is read, bytes. */
const MAX_ANSWER = 2 * 1024 * 1024;

export interface SearchDeps {
  settings: Pick<
    Settings,
    "WEB_SEARCH" | "WEB_SEARCH_DAILY" | "BRAVE_API_KEY" | "EXA_API_KEY" | "SEARXNG_URL" | "AI_GATEWAY" | "BRAVE_API_ROOT" | "EXA_API_ROOT"
  >;
  /** The `AI` binding, where there is one. */
  ai: unknown;
  /** One of the user's own secrets; null: not set. */
  secret(name: string): Promise<string | null>;
  fetch: typeof fetch;
  now: DailyLimit["now"];
  begun: DailyLimit["begun"];
}

/**
 * The engine that searches for this user: with a key of their own, else what the owner chose (`WEB_SEARCH`) or set up, so many times a day (`WEB_SEARCH_DAILY`). Cloudflare's is never chosen by itself, since the owner pays for each search.
 * null: there is none.
 */
export async function chooseSearch(deps: SearchDeps): Promise<WebSearch | null> {
  const { settings, secret } = deps;
  const send = boundedFetch(deps.fetch, MAX_ANSWER);
  const withBrave = (key: string): WebSearch =>
    brave({ key, fetch: send, ...(settings.BRAVE_API_ROOT === undefined ? {} : { root: settings.BRAVE_API_ROOT }) });
  const withExa = (key: string): WebSearch =>
    exa({ key, fetch: send, ...(settings.EXA_API_ROOT === undefined ? {} : { root: settings.EXA_API_ROOT }) });
  const ownBrave = await secret(SEARCH_SECRETS.brave);
  if (ownBrave !== null) return withBrave(ownBrave);
  const ownExa = await secret(SEARCH_SECRETS.exa);
  if (ownExa !== null) return withExa(ownExa);
  const owners: Record<(typeof SEARCH_ENGINES)[number], () => WebSearch | null> = {
    brave: () => (settings.BRAVE_API_KEY === undefined ? null : withBrave(settings.BRAVE_API_KEY)),
    exa: () => (settings.EXA_API_KEY === undefined ? null : withExa(settings.EXA_API_KEY)),
    searxng: () => (settings.SEARXNG_URL === undefined ? null : searxng({ root: settings.SEARXNG_URL, fetch: send })),
    cloudflare: () => (canSearch(deps.ai) ? cloudflare({ ai: deps.ai, gateway: settings.AI_GATEWAY ?? "default" }) : null),
  };
  const { WEB_SEARCH: chosen, WEB_SEARCH_DAILY: most = DAILY_SEARCHES } = settings;
  if (most === 0) return null;
  const engine = chosen === undefined ? (owners.searxng() ?? owners.brave() ?? owners.exa()) : owners[chosen]();
  return engine === null ? null : withDailyLimit(engine, { most, now: deps.now, begun: deps.begun });
}
