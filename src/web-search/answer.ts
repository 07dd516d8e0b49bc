import type { z } from "zod";
import { MargayError } from "../errors.ts";
import type { SearchHit } from "./web-search.ts";

const MAX_TITLE = 300;
const MAX_SNIPPET = 600;
const MAX_URL = 2_048;

/** Reads the JSON answer of an engine. Throws what a person can act on; the engine's own words are not repeated. */
export async function readAnswer<Schema extends z.ZodType>(name: string, response: Response, schema: Schema): Promise<z.output<Schema>> {
  if (response.status === 401 || response.status === 403)
    throw new MargayError(
      "forbidden",
      `${name} refused its key (${response.status}). Check it under Settings → Secrets, or with the owner.`,
    );
  if (response.status === 402) throw new MargayError("budget_exceeded", `${name} wants to be paid before it searches on (402).`);
  if (response.status === 429)
    throw new MargayError("rate_limited", `${name} is asked too often just now, or its plan is used up. Try again later.`);
  if (!response.ok) throw new MargayError("model_unavailable", `${name} cannot search just now (${response.status}). Try again later.`);
  const parsed = schema.safeParse(await response.json().catch(() => null));
  if (!parsed.success) throw new MargayError("model_unavailable", `${name} gave an answer that cannot be read.`);
  return parsed.data;
}

/** Hits with addresses that can be fetched, each once, cut to size and without markup. */
export function hitsOf(
  found: readonly { title?: string | null; url?: string | null; snippet?: string | null; date?: string | null }[],
  count: number,
): SearchHit[] {
  const hits = new Map<string, SearchHit>();
  for (const { title, url, snippet, date } of found) {
    const address = addressOf(url ?? "");
    if (address === null || hits.has(address)) continue;
    hits.set(address, {
      title: cut(plain(title ?? ""), MAX_TITLE) || address,
      url: address,
      snippet: cut(plain(snippet ?? ""), MAX_SNIPPET),
      date: date === undefined || date === null || date === "" ? null : cut(plain(date), 40),
    });
  }
  return [...hits.values()].slice(0, count);
}

function addressOf(text: string): string | null {
  if (text.length > MAX_URL || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  url.hash = "";
  return url.href;
}

/** Engines mark the words found by tags and escape what they show. One line. */
const plain = (text: string): string =>
  text
    .slice(0, 20_000)
    .replaceAll(/<[^<>]{0,200}>/g, "")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ")
    .trim();

const cut = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text
        .slice(0, most - 1)
        .toWellFormed()
        .trimEnd()}…`;
