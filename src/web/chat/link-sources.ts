import type { PhrasingContent, Root } from "mdast";
import { findAndReplace } from "mdast-util-find-and-replace";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { CITATION, citedSources } from "../../channels/cited-sources.ts";
import { isTangled } from "../../channels/is-tangled.ts";

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

const sourcesOf = (text: string): ReadonlyMap<number, string> =>
  text === "" || isTangled(text)
    ? new Map()
    : citedSources(fromMarkdown(text, { extensions: [gfm({ singleTilde: false })], mdastExtensions: [gfmFromMarkdown()] }));
