import { z } from "zod";
import { hitsOf, readAnswer } from "../answer.ts";
import type { WebSearch } from "../web-search.ts";

const Answer = z.looseObject({
  web: z
    .looseObject({
      results: z.array(
        z.looseObject({ title: z.string().nullish(), url: z.string(), description: z.string().nullish(), page_age: z.string().nullish() }),
      ),
    })
    .nullish(),
});

/** Brave Search API: `GET /res/v1/web/search`, the key in `X-Subscription-Token`. */
export function brave(options: { key: string; fetch: typeof fetch; root?: string }): WebSearch {
  return {
    name: "Brave Search",
    async search({ query, count, signal }) {
      const url = new URL(`${options.root ?? "https://api.search.brave.com"}/res/v1/web/search`);
      url.search = new URLSearchParams({ q: query, count: String(count), text_decorations: "false" }).toString();
      const response = await options.fetch(url, {
        headers: { accept: "application/json", "x-subscription-token": options.key },
        signal,
        redirect: "manual",
      });
      const { web } = await readAnswer("Brave Search", response, Answer);
      return hitsOf(
        (web?.results ?? []).map(({ title, url: address, description, page_age }) => ({
          title: title ?? null,
          url: address,
          snippet: description ?? null,
          date: page_age?.slice(0, 10) ?? null,
        })),
        count,
      );
    },
  };
}
