import { z } from "zod";
import { MargayError } from "../../errors.ts";
import { hitsOf, readAnswer } from "../answer.ts";
import type { WebSearch } from "../web-search.ts";

const Answer = z.looseObject({
  results: z.array(
    z.looseObject({
      title: z.string().nullish(),
      url: z.string().nullish(),
      content: z.string().nullish(),
      publishedDate: z.string().nullish(),
    }),
  ),
});

/** A SearXNG of the owner's: `GET /search?format=json`, which its `settings.yml` must allow (`search.formats`). */
export function searxng(options: { root: string; fetch: typeof fetch }): WebSearch {
  return {
    name: "SearXNG",
    async search({ query, count, signal }) {
      const url = new URL(`${options.root.replace(/\/+$/, "")}/search`);
      url.search = new URLSearchParams({ q: query, format: "json" }).toString();
      const response = await options.fetch(url, { headers: { accept: "application/json" }, signal, redirect: "manual" });
      if (response.status === 403)
        throw new MargayError(
          "not_configured",
          "This SearXNG gives no JSON. Its owner has to add `json` to `search.formats` in its settings.yml.",
        );
      const { results } = await readAnswer("SearXNG", response, Answer);
      return hitsOf(
        results.map(({ title, url: address, content, publishedDate }) => ({
          title: title ?? null,
          url: address ?? null,
          snippet: content ?? null,
          date: publishedDate?.slice(0, 10) ?? null,
        })),
        count,
      );
    },
  };
}
