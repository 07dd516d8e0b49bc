import { understandDate, type DateContext } from "../../dates/understand-date.ts";
import { without } from "../../dates/words.ts";
import type { Todo } from "./todo.ts";

/** A to-do as one line says it. `due` is in the person's own words: the tool understands it, or asks back. */
export interface TaskLine {
  title: string;
  priority?: Todo["priority"];
  due?: string;
}

const PRIORITY = /(?:^|[\s,(])(?:(?:with |at )?(?:priority|prio)\s*:?\s*p?([1-4])|!?p([1-4]))(?=$|[\s,.;:)!])\)?/giu;
const SAID_PRIORITY: [RegExp, Todo["priority"]][] = [
  [/(?:^|[\s,(])(?:with )?(?:top|highest|urgent) priority\)?(?=$|[\s,.])/iu, "p1"],
  [/(?:^|[\s,(])(?:with )?high priority\)?(?=$|[\s,.])/iu, "p2"],
  [/(?:^|[\s,(])(?:with )?medium priority\)?(?=$|[\s,.])/iu, "p3"],
  [/(?:^|[\s,(])(?:with )?(?:low|lowest) priority\)?(?=$|[\s,.])/iu, "p4"],
];
const DUE_WORD = /(?:^|[,(]\s*|\s)(?:due(?: date)?(?: (?:on|by|at|is))?|deadline|by|before|until|on)\s*:?\s+/giu;
/** A day at the start of a line is a date when it can hardly be anything else ("tomorrow call Ada", "friday, call Ada"). */
const OPENING = /^(?:today|tonight|tomorrow|tmrw?|in \S+ \S+)\b|,\s*$/iu;

/** Reads "film the workout video, p1, due tomorrow at 9". What is not clearly a date stays in the title. */
export function readTask(line: string, context: DateContext): TaskLine {
  let rest = line;
  let priority: Todo["priority"] | undefined;
  // The last one: an earlier "p3" may be part of what is to be done.
  const marked = [...rest.matchAll(PRIORITY)].at(-1);
  if (marked) {
    priority = PRIORITIES[Number(marked[1] ?? marked[2]) - 1];
    rest = cut(rest, marked);
  } else {
    for (const [pattern, value] of SAID_PRIORITY) {
      const said = pattern.exec(rest);
      if (!said) continue;
      priority = value;
      rest = cut(rest, said);
      break;
    }
  }
  const { title, due } = splitDue(rest, context);
  return {
    title: tidy(title),
    ...(priority === undefined ? {} : { priority }),
    ...(due === undefined ? {} : { due: tidy(due).replace(/^for /iu, "") }),
  };
}

const PRIORITIES = ["p1", "p2", "p3", "p4"] as const;
const cut = (text: string, match: RegExpExecArray): string => `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`;
const tidy = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/^[\s,;:.–-]+|[\s,;:–-]+$/g, "")
    .replace(/(?<=[^.])\.$/, "")
    .trim();

function splitDue(line: string, context: DateContext): { title: string; due?: string } {
  for (const match of [...line.matchAll(DUE_WORD)].toReversed()) {
    const words = line.slice(match.index + match[0].length);
    const title = line.slice(0, match.index);
    const understood = understandDate(words, context);
    const all = understood.at !== null && /^[\s,.!]*$/.test(without(words, understood.matched));
    const unclear = understood.at === null && (understood.askedBack || (/^,|^\(/.test(match[0]) && /due|deadline/i.test(match[0])));
    if (all || (unclear && words.split(/\s+/).length <= 6)) return { title, due: words };
  }
  const understood = understandDate(line, context);
  const last = understood.matched.at(-1);
  const first = understood.matched[0];
  if (understood.at === null || !first || !last) return { title: line };
  const title = without(line, understood.matched);
  const due = understood.matched.map((span) => line.slice(span.start, span.end).trim()).join(" ");
  const atEnd = /^[\s,.!?)]*$/.test(line.slice(last.end));
  const atStart =
    line.slice(0, first.start).trim() === "" && OPENING.test(line.slice(first.start, first.end) + (line[first.end] === "," ? "," : ""));
  return tidy(title) !== "" && (atEnd || atStart) ? { title, due } : { title: line };
}
