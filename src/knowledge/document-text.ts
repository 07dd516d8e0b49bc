import { between } from "./chunk.ts";
import type { Block, ParsedDocument } from "./parsed.ts";
import { MARKDOWN_TYPES } from "./shapes.ts";

/** All that a document says, as one text: Markdown where its blocks are (see {@link MARKDOWN_TYPES}). */
export function documentText({ type, blocks }: Pick<ParsedDocument, "type" | "blocks">): string {
  if (!MARKDOWN_TYPES.has(type)) return blocks.map(({ text }) => text).join("\n\n");
  let text = "";
  let before: Block | null = null;
  for (const block of blocks) {
    const head = headOf(block);
    // A long table comes in parts, each with its header, which is said once.
    if (before !== null && head !== null && head === headOf(before)) text += block.text.slice(head.length);
    else text += `${before === null ? "" : between(before.kind, block.kind)}${markdownOf(block)}`;
    before = block;
  }
  return text;
}

/** The header of a table with the line below it. */
const headOf = ({ kind, text }: Block): string | null => (kind === "table" ? text.split("\n", 2).join("\n") : null);

const markdownOf = ({ kind, text, level }: Block): string => (kind === "heading" ? `${"#".repeat(level ?? 1)} ${text}` : text);
