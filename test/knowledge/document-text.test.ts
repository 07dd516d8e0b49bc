import { describe, expect, test } from "vitest";
import { documentText } from "../../src/knowledge/document-text.ts";
import type { Block } from "../../src/knowledge/parsed.ts";

const block = (kind: Block["kind"], text: string, level?: number): Block => ({
  kind,
  text,
  page: 1,
  ...(level === undefined ? {} : { level }),
});

describe("documentText()", () => {
  test("marks headings, keeps lists together, and says the header of a long table once", () => {
    const blocks = [
      block("heading", "Costs", 2),
      block("list-item", "- one"),
      block("list-item", "- two"),
      block("table", "| a | b |\n| - | - |\n| 1 | 2 |"),
      block("table", "| a | b |\n| - | - |\n| 3 | 4 |"),
      block("table", "| c | d |\n| - | - |"),
      block("paragraph", "End"),
    ];
    expect(documentText({ type: "xlsx", blocks })).toBe(
      "## Costs\n\n- one\n- two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n| 3 | 4 |\n\n| c | d |\n| - | - |\n\nEnd",
    );
  });

  test("leaves words of what is no Markdown as they are", () => {
    expect(documentText({ type: "pdf", blocks: [block("heading", "# 1", 1), block("paragraph", "a")] })).toBe("# 1\n\na");
    expect(documentText({ type: "docx", blocks: [] })).toBe("");
  });
});
