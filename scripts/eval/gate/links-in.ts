import { textsIn } from "./destinations-in.ts";

/**
 * The http(s) addresses in what a tool that reads the web answered, as they stand there, each once. `base` is the page's own address: what it links to without a host is on it.
 */
export function linksIn(result: unknown, base: string | null = null): string[] {
  const texts = textsIn(result);
  const written = texts.flatMap(absolute);
  const relative = base === null ? [] : texts.flatMap((text) => relativeIn(text, base));
  const all = [...written, ...relative];
  return [...new Set([...all, ...all.map((link) => link.replaceAll("&amp;", "&"))].filter((link) => URL.canParse(link)))];
}

function absolute(text: string): string[] {
  const whole = text.trim();
  if (/^https?:\/\/\S+$/i.test(whole)) return [whole];
  return [...text.matchAll(/https?:\/\/[^\s"'`<>\\{}|^「」《》（）]+/giu)].map(({ 0: link, index }) => {
    const [before, after] = [text[index - 1] ?? "", text[index + link.length] ?? ""];
    // Within quotes or angle brackets nothing of it belongs to a sentence.
    return (/["'`]/.test(before) && before === after) || (before === "<" && after === ">") ? link : trimmed(link);
  });
}

/** What stands at the end of an address in running text and does not belong to it. */
const AROUND = /[.,;:!?*…。、，；：！？]+$/u;

/** Without the sentence's punctuation, and cut at a bracket that was opened before the address, as in `[text](https://example.com).` */
function trimmed(link: string): string {
  let plain = link;
  for (const [open, close] of BRACKETS) {
    let depth = 0;
    for (let index = 0; index < plain.length; index++) {
      if (plain[index] === open) depth++;
      if (plain[index] === close && --depth < 0) {
        plain = plain.slice(0, index);
        break;
      }
    }
  }
  return plain.replace(AROUND, "");
}

const BRACKETS = [
  ["(", ")"],
  ["[", "]"],
] as const;

/** Links of Markdown and HTML without a host. */
const relativeIn = (text: string, base: string): string[] =>
  [...text.matchAll(/\]\(([^()\s]+)\)|href=["']([^"'\s]+)["']/gi)]
    .map(([, markdown, html]) => markdown ?? html ?? "")
    .filter((link) => !/^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(link))
    .flatMap((link) => URL.parse(link, base)?.href ?? []);
