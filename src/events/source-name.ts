import type { ListenerSource } from "./shapes.ts";
import { schemeOf } from "./signatures/registry.ts";

/** What a source is, in words: "GitHub hook", "feed", "page", "mail", "file". */
export const kindOf = (source: ListenerSource): string => (source.kind === "hook" ? `${schemeOf(source.scheme).title} hook` : source.kind);

/** The same, and which: "feed of example.com". What a listener is called that got no title. */
export function sourceName(source: ListenerSource): string {
  if (source.kind === "hook") return kindOf(source);
  if (source.kind === "mail") return "Mail";
  if (source.kind === "file") return source.folder === "/" ? "Files" : `Files in ${source.folder}`;
  return `${source.kind === "feed" ? "Feed" : "Page"} of ${URL.parse(source.url)?.host ?? source.url.slice(0, 60)}`;
}

/** Where what a listener heard is from, as content is labelled: `GitHub hook “PRs”`. */
export const originOf = ({ source, title }: { source: ListenerSource; title: string }): string =>
  `${kindOf(source)} “${title}”`.slice(0, 200);
