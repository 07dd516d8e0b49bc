import { z } from "zod";
import type { Tool } from "../tool.ts";
import { WEB_SEARCH, type SearchStores } from "./search-port.ts";

const Input = z.object({ query: z.string().trim().min(1).max(400), count: z.number().int().min(1).max(10).optional() });

/** Finds pages. What it gives may be fetched as it is; nothing of it is the user's word. */
export const webSearch: Tool<typeof Input, SearchStores> = {
  name: "web_search",
  version: 1,
  description: "Search the web for pages to fetch",
  input: Input,
  capabilities: () => [WEB_SEARCH],
  // The words go to the engine that the user or the owner set up, and to nobody that a page could name.
  effect: () => "read",
  destinations: () => [],
  untrusted: true,
  rateLimit: { calls: 30, perMs: 60_000 },
  timeoutMs: 30_000,
  replay: "safe",
  describe: ({ query }) => `Search the web for “${query}”`,
  async execute({ query, count = 6 }, { stores, signal }) {
    const { engine, hits } = await stores.search.search({ query, count, signal });
    const lines = hits.map(({ title, url, snippet, date }, index) =>
      [`${index + 1}. ${title}${date === null ? "" : ` (${date})`}`, url, snippet].filter((line) => line !== "").join("\n"),
    );
    return {
      output: hits.length === 0 ? "Nothing was found. Try other words." : lines.join("\n\n"),
      summary: `Searched with ${engine}: ${hits.length === 1 ? "1 page" : `${hits.length} pages`}`,
      untrusted: `web search (${engine})`,
      links: hits.map(({ url }) => url),
    };
  },
};
