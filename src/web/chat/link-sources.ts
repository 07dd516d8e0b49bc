import type { PhrasingContent, Root } from "mdast";
import { findAndReplace } from "mdast-util-find-and-replace";
import { CITATION, citedSources } from "../../channels/cited-sources.ts";
import { readMarkdown } from "../../channels/read-markdown.ts";

/** Makes `[1]` a link to the first source of the answer's own list, or of the list in what it tells. Never in code, and not where there is no such source. */
export const linkSources = (told: string) => (tree: Root) => {
  const sources = new Map([...sourcesOf(told), ...citedSources(tree)]);
  if (sources.size === 0) return;
  const link = (text: string, number: string): PhrasingContent | false => {
    const url = sources.get(Number(number));
    return url === undefined ? false : { type: "link", url, children: [{ type: "text", value: text }] };
  };
  findAndReplace(
    tree,
    [
      // Each source of a list stands on a line of its own, as it is written.
      [/\n(?=\[\d{1,3}\])/g, () => ({ type: "break" })],
      [CITATION, link],
    ],
    { ignore: ["link", "linkReference"] },
  );
};

function sourcesOf(text: string): ReadonlyMap<number, string> {
  const tree = text === "" ? null : readMarkdown(text);
  return tree === null ? new Map() : citedSources(tree);
}
