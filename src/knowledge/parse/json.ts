import { DocumentError } from "../parsed.ts";
import { decodeText } from "./decode-text.ts";
import type { ParseDriver } from "./driver.ts";
import { flattenJson } from "./flatten-json.ts";

/** Characters of the lines that stand together in a block. */
const GROUP = 900;

/** JSON, one value or many after each other (JSON Lines), as lines of `path: value`. What belongs to one outer item stands together. */
export const parseJson: ParseDriver = async ({ bytes, progress }, work) => {
  const text = await decodeText(bytes, work);
  let lines: string[] = [];
  let length = 0;
  const end = (): void => {
    work.add("paragraph", lines.join("\n"));
    lines = [];
    length = 0;
  };
  for (const found of flattenJson(text)) {
    if (typeof found === "string") {
      if (length > 0 && length + found.length > GROUP) end();
      lines.push(found);
      length += found.length + 1;
    } else {
      if (found.boundary && length > 0) end();
      const pause = work.spend(found.read);
      if (pause) {
        await pause;
        progress(found.at, text.length);
      }
    }
  }
  end();
  if (work.blocks.length === 0) throw new DocumentError("no_text", "There is nothing in it but empty lists.");
  return { title: null, pages: 1 };
};
