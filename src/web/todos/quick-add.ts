import type { NewTodo, Priority } from "../api/todos.ts";

const DAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?";
const MONTH = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*";
const TIME = String.raw`(?:at\s+)?(?:\d{1,2}(?::\d{2})?\s*[ap]m|\d{1,2}:\d{2}|noon|midnight)|at\s+\d{1,2}`;
const DATE = [
  "today|tonight|tomorrow",
  `(?:next|this)\\s+(?:week|month|weekend|${DAY})`,
  DAY,
  String.raw`in\s+(?:an?|\d{1,3})\s+(?:minute|hour|day|week|month)s?`,
  String.raw`\d{4}-\d{2}-\d{2}`,
  String.raw`${MONTH}\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4})?`,
  String.raw`\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?${MONTH}(?:\s+\d{4})?`,
].join("|");
const PART = "in the morning|in the afternoon|in the evening|morning|afternoon|evening|night";
const WHEN = String.raw`(?:(?:${DATE})(?:,?\s+(?:${TIME}|${PART}))?|(?:${TIME}))`;
/** A date at the end of the line: after `due` or `by`, after a comma, or just so. */
const AT_END = new RegExp(String.raw`(?:^|[\s,]+)(?:(?:due|by|on)\s+)?(${WHEN})[\s.]*$`, "iu");
/** Anything after the word `due`, for dates that this pattern does not know but the server may. */
const AFTER_DUE = /[\s,]+due:?\s+(\S.*)$/iu;
const PRIORITY = /(?:^|[\s,]+)(p[1-4])(?=$|[\s,])/iu;

/**
 * Understands one line such as `Film the video, p1, due tomorrow at 9am`: what is left without priority and date is the title. The
 * date stays in words; the server, which knows the person's zone, makes an instant of it.
 */
export function quickAdd(line: string): NewTodo {
  let rest = line.trim();
  const todo: NewTodo = { title: rest };
  const priority = PRIORITY.exec(rest);
  if (priority?.[1] !== undefined) {
    rest = `${rest.slice(0, priority.index)}${rest.slice(priority.index + priority[0].length)}`.trim();
    todo.priority = priority[1].toLowerCase() as Priority;
  }
  const when = AT_END.exec(rest) ?? AFTER_DUE.exec(rest);
  if (when?.[1] !== undefined) {
    rest = rest.slice(0, when.index);
    todo.due = when[1].trim();
  }
  const title = rest.replace(/^[\s,]+|[\s,]+$/gu, "");
  // A line that is nothing but a date is a title after all.
  return title === "" ? { title: line.trim() } : { ...todo, title };
}
