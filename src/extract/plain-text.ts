import type { HtmlNode } from "../html/html-tree.ts";

/** The text of some content: paragraphs with an empty line between them, items and rows on a line each. */
export function plainText(content: readonly HtmlNode[]): string {
  const blocks: string[] = [];
  let line = "";
  const end = (): void => {
    const text = line
      .replaceAll(/[ \t\r\n\f]+/g, " ")
      .replaceAll(/ ?\u2028 ?/g, "\n")
      .trim();
    if (text !== "") blocks.push(text);
    line = "";
  };
  const write = (nodes: readonly HtmlNode[]): void => {
    for (const node of nodes) {
      if (typeof node === "string") line += node;
      else if (node.name === "br") line += "\u2028";
      else if (node.block) {
        end();
        write(node.children);
        end();
      } else write(node.children);
    }
  };
  write(content);
  end();
  return blocks.join("\n\n");
}
