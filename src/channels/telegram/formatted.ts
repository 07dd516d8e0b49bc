/** How a stretch of text looks. Numbers identify the block a stretch belongs to, so that two neighbours of one kind stay two. */
export interface Style {
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly strike?: boolean;
  readonly code?: boolean;
  readonly pre?: { readonly block: number; readonly language: string };
  readonly link?: { readonly block: number; readonly url: string };
  readonly quote?: number;
}

/** A stretch of text in one style. A text is a list of them: cutting it anywhere leaves both halves formatted. */
export interface Run {
  readonly text: string;
  readonly style: Style;
}

/** How one entity looks; the part of Telegram's `MessageEntity` that Margay writes. */
type Look =
  | { type: "bold" | "italic" | "strikethrough" | "code" | "blockquote" }
  | { type: "pre"; language?: string }
  | { type: "text_link"; url: string };

/** A formatted range. Offsets and lengths are UTF-16 code units. */
export type Entity = Look & { offset: number; length: number };

/** What `sendMessage` takes: text without markup and the entities that format it. */
export interface FormattedText {
  text: string;
  entities: Entity[];
  /** Rows of buttons below it. */
  keyboard?: { text: string; callback_data: string }[][];
}

export const textOf = (runs: readonly Run[]): string => runs.map((run) => run.text).join("");

/**
 * The entities of a text. By the Bot API's rules (core.telegram.org/bots/api#messageentity) `code`, `pre` and links hold no other
 * entity, so bold and italic stop where those begin.
 */
export function entitiesOf(runs: readonly Run[]): Entity[] {
  const entities: Entity[] = [
    ...spans(
      runs,
      (style) => style.quote,
      () => ({ type: "blockquote" }),
    ),
    ...spans(
      runs,
      (style) => style.pre?.block,
      ({ pre }) => (pre?.language ? { type: "pre", language: pre.language } : { type: "pre" }),
    ),
    ...spans(
      runs,
      (style) => (style.pre ? undefined : style.link?.block),
      ({ link }) => ({ type: "text_link", url: link?.url ?? "" }),
    ),
    ...spans(
      runs,
      (style) => (style.pre || style.link ? undefined : style.code),
      () => ({ type: "code" }),
    ),
    ...spans(
      runs,
      (style) => (mono(style) ? undefined : style.bold),
      () => ({ type: "bold" }),
    ),
    ...spans(
      runs,
      (style) => (mono(style) ? undefined : style.italic),
      () => ({ type: "italic" }),
    ),
    ...spans(
      runs,
      (style) => (mono(style) ? undefined : style.strike),
      () => ({ type: "strikethrough" }),
    ),
  ];
  return entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length);
}

const mono = (style: Style): boolean => style.pre !== undefined || (style.code === true && style.link === undefined);

/** Ranges over which `key` keeps one value. Space at either end is left out: Telegram would trim it anyway. */
function* spans(
  runs: readonly Run[],
  key: (style: Style) => number | boolean | undefined,
  describe: (style: Style) => Look,
): Generator<Entity> {
  let offset = 0;
  let open: { key: number | true; style: Style; from: number; text: string } | null = null;
  for (const run of [...runs, { text: "", style: {} }]) {
    const current = key(run.style) || undefined;
    if (open && current !== open.key) {
      const start = open.from + (open.text.length - open.text.trimStart().length);
      const length = open.text.trim().length;
      if (length > 0) yield { ...describe(open.style), offset: start, length };
      open = null;
    }
    if (current !== undefined) {
      if (open) open.text += run.text;
      else open = { key: current, style: run.style, from: offset, text: run.text };
    }
    offset += run.text.length;
  }
}

/** The stretch from `start` to `end` (UTF-16 units), styles kept. */
export function sliceRuns(runs: readonly Run[], start: number, end: number): Run[] {
  const slice: Run[] = [];
  let offset = 0;
  for (const run of runs) {
    const text = run.text.slice(Math.max(0, start - offset), Math.max(0, end - offset));
    if (text) slice.push({ text, style: run.style });
    offset += run.text.length;
  }
  return slice;
}

export const format = (runs: readonly Run[]): FormattedText => ({ text: textOf(runs), entities: entitiesOf(runs) });
