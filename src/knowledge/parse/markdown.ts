import { decodeText } from "./decode-text.ts";
import type { ParseDriver } from "./driver.ts";
import { addMarkdown } from "./markdown-blocks.ts";

/** Markdown, GitHub's and Obsidian's. Its text stays as it is written, with links and `[[wikilinks]]`. */
export const parseMarkdown: ParseDriver = async ({ bytes }, work) => {
  const { body, title } = withoutFrontmatter(await decodeText(bytes, work));
  await addMarkdown(body, work);
  const heading = work.blocks.find(({ kind, level }) => kind === "heading" && level === 1)?.text ?? null;
  return { title: title ?? heading, pages: 1 };
};

/** YAML at the top between `---` lines, as many tools write it: of it only the title is kept. */
function withoutFrontmatter(text: string): { body: string; title: string | null } {
  const found = /^---[ \t]*\r?\n([^]{0,20000}?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(text);
  if (found === null || !/^[\w"' -]{1,80}:(?:\s|$)/m.test(found[1] ?? "")) return { body: text, title: null };
  const title =
    /^title:[ \t]*(\S.*)$/m
      .exec(found[1] ?? "")?.[1]
      ?.trim()
      .replace(/^(["'])(.*)\1$/, "$2") ?? "";
  return { body: text.slice(found[0].length), title: title === "" ? null : title };
}
