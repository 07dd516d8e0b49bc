import { linkedPath, NAMED_IN_TEXT, namedPath } from "./named-path.ts";

/** A file that an answer names. `shown`: as a picture or a link, so that it is to be looked at; otherwise its path is only said. */
export interface NamedFile {
  path: string;
  shown: boolean;
}

/** A fenced block: a path in a program is no result. */
const FENCED = /^ {0,3}(`{3,}|~{3,})[^\n]*(?:\n[\s\S]*?(?:^ {0,3}\1[`~]*[ \t]*$|(?![\s\S]))|(?![\s\S]))/gm;
/** Where a link or a picture leads. */
const TARGET = /\]\(\s*(?:<([^<>\n]{1,1100})>|([^\s()<>]{1,1100}(?:\([^\s()<>]{0,100}\)[^\s()<>]{0,500}){0,4}))[^)\n]{0,300}\)/g;
const SPAN = /`([^`\n]{1,1100})`/g;

/** The files that a Markdown text names, in its order, each once. */
export function namedFiles(markdown: string): NamedFile[] {
  const found: (NamedFile & { at: number })[] = [];
  /** Notes what fits, and leaves it out of what is looked at next. */
  const take = (text: string, pattern: RegExp, shown: boolean): string => {
    for (const match of text.matchAll(pattern)) {
      const path = (shown ? linkedPath : namedPath)(match[1] ?? match[2] ?? match[0]);
      if (path !== null) found.push({ path, shown, at: match.index });
    }
    return text.replaceAll(pattern, blank);
  };
  const plain = markdown.replaceAll(FENCED, blank);
  take(take(take(plain, TARGET, true), SPAN, false), NAMED_IN_TEXT, false);
  const files = new Map<string, NamedFile>();
  for (const { path, shown } of found.toSorted((a, b) => a.at - b.at))
    files.set(path, { path, shown: shown || (files.get(path)?.shown ?? false) });
  return [...files.values()];
}

/** As long as it was, so that places stay what they are. */
const blank = (text: string): string => " ".repeat(text.length);
