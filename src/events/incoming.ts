/** An event as its source gives it, before anybody judged it. All texts are somebody else's. */
export interface Incoming {
  /** The same for every repeat, of any length. */
  key: string;
  /** What else says that it is a repeat: bytes that were signed once and shall count once. null: `key` says it all. */
  bytesKey: string | null;
  /** How long `key` says that it is a repeat, milliseconds; null: for good. */
  repeatMs: number | null;
  /** One line. */
  title: string;
  /** What conditions look at. */
  fields: Readonly<Record<string, unknown>>;
  /** What the agent reads. */
  content: string;
  /** Why it is nothing to act on, whatever the conditions are; null: it may be. */
  nothing: string | null;
}

/** Characters of one event that the agent reads at most, and of its line. */
export const MAX_CONTENT = 12_000;
export const MAX_TITLE = 200;

/** One line of at most {@link MAX_TITLE} characters, whole ones. */
export const oneLine = (text: string, most = MAX_TITLE): string => {
  const line = text
    .slice(0, most * 4)
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return line.length <= most ? line.toWellFormed() : `${line.slice(0, most - 1).toWellFormed()}…`;
};
