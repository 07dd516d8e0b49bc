import { z } from "zod";
import { hitsOf, readAnswer } from "../answer.ts";
import type { WebSearch } from "../web-search.ts";

/** What is used of the `AI` binding: Cloudflare's Web Search API (beta, October 2026), billed by AI Gateway. */
export interface SearchBinding {
  websearch(request: { gatewayId: string; query: string; limit: number }): Promise<Response>;
}

const Answer = z.looseObject({
  items: z.array(
    z.looseObject({
      title: z.string().nullish(),
      url: z.string().nullish(),
      description: z.string().nullish(),
      lastModifiedDate: z.string().nullish(),
    }),
  ),
});

/** Whether this runtime's `AI` binding can search. */
export const canSearch = (binding: unknown): binding is SearchBinding =>
  typeof binding === "object" && binding !== null && "websearch" in binding && typeof binding.websearch === "function";

/** Cloudflare's Web Search API through the `AI` binding of the Worker's own account. */
export function cloudflare(options: { ai: SearchBinding; gateway: string }): WebSearch {
  return {
    name: "Cloudflare Web Search",
    async search({ query, count, signal }) {
      signal.throwIfAborted();
      // The binding takes no signal: what comes too late is left where it is.
      const answer = options.ai.websearch({ gatewayId: options.gateway, query, limit: count });
      const late = new Promise<never>((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason instanceof Error ? signal.reason : new Error("It took too long.")), {
          once: true,
        }),
      );
      const { items } = await readAnswer("Cloudflare Web Search", await Promise.race([answer, late]), Answer);
      return hitsOf(
        items.map(({ title, url, description, lastModifiedDate }) => ({
          title: title ?? null,
          url: url ?? null,
          snippet: description ?? null,
          date: lastModifiedDate?.slice(0, 10) ?? null,
        })),
        count,
      );
    },
  };
}
