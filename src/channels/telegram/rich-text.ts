import { z } from "zod";

/** The user's own text of a rich message, and what it quotes. */
export interface RichPlain {
  text: string;
  quotes: string[];
}

const Node = z.looseObject({ type: z.string().optional() });

/**
 * A `RichMessage` (Bot API 10.1) as plain text, block by block. Quotations (`blockquote`, `pullquote`) are kept apart: they are not
 * what the sender says. Unknown blocks give the text they hold. `depth` ends hostile nesting; the update was checked before.
 */
export function richPlain(blocks: readonly unknown[], depth = 32): RichPlain {
  const lines: string[] = [];
  const quotes: string[] = [];
  for (const raw of blocks) {
    const parsed = Node.safeParse(raw);
    if (!parsed.success || depth <= 0) continue;
    const block = parsed.data;
    if (block.type === "blockquote" || block.type === "pullquote") {
      const inner = [richPlain(list(block.blocks), depth - 1).text, inline(block.text, depth), inline(block.credit, depth)];
      quotes.push(inner.filter(Boolean).join("\n"));
      continue;
    }
    const nested = richPlain([...list(block.blocks), ...list(block.items)], depth - 1);
    quotes.push(...nested.quotes);
    const own = [block.label, block.summary, block.text, block.expression].map((part) => inline(part, depth)).filter(Boolean);
    const cells = list(block.cells).map((row) =>
      list(row)
        .map((cell) => inline(Node.safeParse(cell).data?.text, depth))
        .join(" | "),
    );
    const parts = [own.join(" "), nested.text, ...cells].filter(Boolean);
    if (parts.length > 0) lines.push(parts.join("\n"));
  }
  return { text: lines.join("\n"), quotes: quotes.filter(Boolean) };
}

/** `RichText` is a string, a list of them, or an object around one. */
function inline(value: unknown, depth: number): string {
  if (typeof value === "string") return value;
  if (depth <= 0) return "";
  if (Array.isArray(value)) return value.map((part) => inline(part, depth - 1)).join("");
  const node = Node.safeParse(value).data;
  return node ? inline(node.text ?? node.alternative_text ?? node.expression, depth - 1) : "";
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
