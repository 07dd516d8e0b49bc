import { MargayError } from "../../errors.ts";
import type { SearchHit, SearchRequest } from "../../web-search/web-search.ts";

/** Granted to everybody by default. */
export const WEB_SEARCH = "web.search";

/** Search as tools see it. Throws `not_configured` where no engine is set up. */
export interface SearchPort {
  /** With the name of the engine that found it. */
  search(request: SearchRequest): Promise<{ engine: string; hits: SearchHit[] }>;
}

/** What a user can do where nothing searches. */
export const notSetUp = (): MargayError =>
  new MargayError(
    "not_configured",
    "No search engine is set up. A key of Brave Search (as `brave_search`) or Exa (as `exa_search`) can be stored under Settings → Secrets; the owner can set one up for everybody. A page whose address is known can be fetched without.",
  );

/** What the search tool gets as stores. */
export interface SearchStores {
  search: SearchPort;
}
