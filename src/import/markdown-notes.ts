/** A piece of a note that makes sense by itself. */
export interface Note {
  /** The headings it stands under, outermost first, without the title of the file. */
  heading: string;
  text: string;
  /** As it is written. */
  quote: string;
}

const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/;
/** A line in bold by itself is used like a heading. */
const LABEL = /^\*\*([^*]+?):?\*\*:?\s*$/;
const BULLET = /^(\s*)(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(.*)$/;
const RULE = /^\s{0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/;
const FENCE = /^\s{0,3}(?:```|~~~)/;
const TABLE_RULE = /^\s*\|?[\s:|-]+\|[\s:|-]*$/;

/** Items and paragraphs of a Markdown file, each with where it stands. Hints of a template that nobody filled in are left out. */
export function* notesIn(markdown: string): Generator<Note, void> {
  const state = new Reader();
  for (const line of withoutExtras(markdown).split(/\r\n?|\n/)) yield* state.line(line);
  yield* state.flush();
}

/** Without the properties at its top and what is commented out. */
export const withoutExtras = (markdown: string): string =>
  markdown.replace(/^\uFEFF?---[ \t]*\r?\n[^]{0,20000}?\n---[ \t]*(?:\r?\n|$)/, "").replaceAll(/<!--[^]*?-->/g, "");

class Reader {
  #headings: string[] = [];
  #label = "";
  #lines: string[] = [];
  /** Of the open list item; null: a paragraph. */
  #indent: number | null = null;
  #inFence = false;
  /** A blank line came since the last one of the open item. */
  #gap = false;

  *line(line: string): Generator<Note, void> {
    if (FENCE.test(line)) this.#inFence = !this.#inFence;
    if (this.#inFence || FENCE.test(line)) return void this.#lines.push(line);
    if (line.trim() === "") {
      // An item goes on after a blank line where what follows is indented.
      if (this.#indent === null) yield* this.flush();
      this.#gap = true;
      return;
    }
    const heading = HEADING.exec(line);
    if (heading) {
      yield* this.flush();
      const level = heading[1]?.length ?? 1;
      this.#headings = [...this.#headings.slice(0, level - 1), ...Array.from({ length: level }, () => "")].slice(0, level - 1);
      this.#headings.push(plain(heading[2] ?? ""));
      this.#label = "";
      return;
    }
    const label = LABEL.exec(line.trim());
    if (label && (this.#indent === null || (this.#gap && !/^\s/.test(line)))) {
      yield* this.flush();
      this.#label = plain(label[1] ?? "");
      return;
    }
    if (RULE.test(line)) {
      yield* this.flush();
      this.#label = "";
      this.#headings = this.#headings.slice(0, 1);
      return;
    }
    const bullet = BULLET.exec(line);
    const indent = (bullet?.[1] ?? /^\s*/.exec(line)?.[0] ?? "").replaceAll("\t", "    ").length;
    const within = this.#indent !== null && indent > this.#indent;
    if (bullet && !within) {
      yield* this.flush();
      this.#indent = indent;
    } else if (!bullet && this.#indent !== null && !within && this.#gap) {
      // A line that is not indented belongs to the item above only when it follows at once.
      yield* this.flush();
    }
    this.#gap = false;
    if (!TABLE_RULE.test(line)) this.#lines.push(line);
  }

  *flush(): Generator<Note, void> {
    const quote = this.#lines.join("\n").trim();
    const text = this.#lines
      .map((line, index) => plain(index === 0 && this.#indent !== null ? (BULLET.exec(line)?.[2] ?? line) : line.trim()))
      .filter((line) => line !== "" && !isHint(line))
      .join("\n")
      // "Name:" and its value on the line below.
      .replace(/^([^\n]+:)\n([^\n]+)$/, "$1 $2");
    this.#lines = [];
    this.#indent = null;
    this.#inFence = false;
    this.#gap = false;
    const heading = [...this.#headings.slice(1).filter((part) => part !== ""), this.#label].filter((part) => part !== "").join(" › ");
    if (!says(text)) return;
    yield { heading, text, quote };
  }
}

/** Whether there is something in it: letters, and more than a name that nothing was entered for. */
const says = (text: string): boolean => (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= 3 && !/^[^\n]{1,60}[:：]$/.test(text);

/** "_What do they care about?_": a template's words, for who fills it in. */
const isHint = (line: string): boolean =>
  /^(?:_.*_|\*\(.*\)\*)$/.test(line) || line.startsWith("The more you know, the better you can help");

/** Without marks for bold, which say nothing in a memory. */
const plain = (text: string): string => text.replaceAll(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, "$2").trimEnd();

/** A note with its heading, in pieces of at most `most` characters, cut between lines or sentences where that can be. */
export function piecesOf({ heading, text }: Pick<Note, "heading" | "text">, most: number): string[] {
  const prefix = heading === "" ? "" : `${heading.slice(0, 200)}: `;
  return cut(text, most - prefix.length).map((piece) => prefix + piece);
}

export function cut(text: string, most: number): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > most) {
    const part = rest.slice(0, most);
    const at = [part.lastIndexOf("\n"), part.lastIndexOf(". ") + 1, part.lastIndexOf(" ")].find((place) => place > most / 2) ?? most;
    pieces.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  if (rest !== "") pieces.push(rest);
  return pieces.map((piece) => piece.toWellFormed());
}
