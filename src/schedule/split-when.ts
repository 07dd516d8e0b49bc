import { parseCron, parseWhen } from "./parse.ts";

/** The time and what is to be done, told apart. `what` is null where they are mixed: what is left of `when` without its time is it. */
export interface SplitWhen {
  when: string;
  what: string | null;
}

/** Longer lines are not looked through for a time between other words. */
export const MAX_MIXED = 1_000;

/** Tells apart "0 9 * * 1-5 the news", "every weekday at 9: the news", a time on a line of its own, and "call mum tomorrow at 5". */
export function splitWhen(text: string, context: { saidAt: number; timeZone: string }): SplitWhen {
  const line = text.trim();
  const fields = /^(?:cron:?\s+)?`?(@[a-z]+|(?:[\d*?][^\s`]*)(?:\s+[^\s`]+){4})`?(?:\s+([\s\S]+))?$/iu.exec(line);
  if (fields?.[1] !== undefined && parseCron(fields[1]).ok) return { when: fields[1], what: fields[2]?.trim() ?? "" };
  for (const mark of line.slice(0, 300).matchAll(/\s*(?:\n|:\s|\s[–—-]\s)\s*/gu)) {
    const when = line.slice(0, mark.index);
    const parsed = parseWhen(when, context);
    // Clear and about time alone; "at 9:00" is no mark, since nothing but a digit follows it.
    if (parsed.kind === "spec" && parsed.rest === "") return { when, what: line.slice(mark.index + mark[0].length).trim() };
  }
  return { when: line, what: null };
}
