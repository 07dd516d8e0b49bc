import { decodeText } from "./decode-text.ts";
import type { ParseDriver } from "./driver.ts";
import { DocumentError } from "../parsed.ts";
import { linesOf } from "./lines.ts";
import type { Work } from "./work.ts";

/** Plain text: what stands between empty lines is a paragraph. A form feed begins a page. */
export const parseText: ParseDriver = async ({ bytes }, work) => {
  const pages = await addParagraphs(await decodeText(bytes, work), work);
  return { title: null, pages };
};

/** A paragraph of a log or of code can have thousands of lines; from this many characters on its next line begins another. */
const LONG = 4_000;

/** Adds the paragraphs of a text and gives back its number of pages. */
export async function addParagraphs(text: string, work: Work): Promise<number> {
  let page = 1;
  let lines: string[] = [];
  let length = 0;
  const end = (): void => {
    work.add("paragraph", lines.join("\n"), { page });
    lines = [];
    length = 0;
  };
  for (const whole of linesOf(text)) {
    for (const [index, line] of (whole.includes("\f") ? whole.split("\f") : [whole]).entries()) {
      if (line.trim() === "" || index > 0 || length > LONG) end();
      if (index > 0 && ++page > work.limits.pages) {
        throw new DocumentError("too_many_pages", `It has more than ${work.limits.pages.toLocaleString("en")} pages.`);
      }
      if (line.trim() !== "") lines.push(line.trimEnd());
      length += line.length;
    }
    const pause = work.spend(whole.length + 1);
    if (pause) await pause;
  }
  end();
  // A form feed at the very end begins no page.
  return work.blocks.at(-1)?.page ?? 1;
}
