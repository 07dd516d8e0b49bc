/**
 * Cuts growing Markdown at blank lines where that changes nothing, so that only the last piece is parsed again with every word. Fenced
 * code stays whole, and so does a list with what belongs to its items. The pieces put together are the text.
 */
export function markdownBlocks(text: string): string[] {
  const blocks: string[] = [];
  let block = "";
  let fence: string | null = null;
  let blank = false;
  for (const line of text.split(/(?<=\n)/u)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/u.exec(line)?.[1];
    const fresh = fence === null && blank && line.trim() !== "" && !CONTINUES.test(line);
    if (fresh) {
      blocks.push(block);
      block = "";
    }
    if (mark !== undefined) {
      if (fence === null) fence = mark;
      else if (mark.startsWith(fence) && line.trim() === mark) fence = null;
    }
    block += line;
    blank = line.trim() === "";
  }
  if (block !== "") blocks.push(block);
  return blocks;
}

/** Indented lines and further list items belong to what stands above them. */
const CONTINUES = /^(\s|[-*+]\s|\d{1,9}[.)]\s)/u;
