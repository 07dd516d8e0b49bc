import { z } from "zod";
import { hitsOf, readAnswer } from "../answer.ts";
import type { WebSearch } from "../web-search.ts";

const Answer = z.looseObject({
  results: z.array(
    z.looseObject({ title: z.string().nullish(), url: z.string(), text: z.string().nullish(), publishedDate: z.string().nullish() }),
  ),
});

/** Exa: `POST /search`, the key in `x-api-key`. */
export function exa(options: { key: string; fetch: typeof fetch; root?: string }): WebSearch {
  return {
    name: "Exa",
    async search({ query, count, signal }) {
      const response = await options.fetch(`${options.root ?? "https://api.exa.ai"}/search`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": options.key },
        body: JSON.stringify({ query, numResults: count, contents: { text: { maxCharacters: 600 } } }),
        signal,
        redirect: "manual",
      });
      const { results } = await readAnswer("Exa", response, Answer);
      return hitsOf(
        results.map(({ title, url, text, publishedDate }) => ({
          title: title ?? null,
          url,
          snippet: text ?? null,
          date: publishedDate?.slice(0, 10) ?? null,
        })),
        count,
      );
    },
  };
}
