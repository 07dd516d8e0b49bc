import { understandDate, type DateContext } from "../../dates/understand-date.ts";
import { without } from "../../dates/words.ts";
import { readTask, type TaskLine } from "../../tools/todos/read-task.ts";
import { readReference } from "./reference.ts";
import { readReminder } from "./understand-reminders.ts";
import type { Changes, ListFilter, Reference, Request } from "./request.ts";

const TASK = "(?:task|to-?do|todo|item)";
const LIST = "(?:my|the|our) (?:(?:to-?do|todo|task|shopping|grocery)s? )?(?:list|to-?dos?|todos|tasks)";

type Rule = [pattern: RegExp, read: (match: RegExpExecArray, context: DateContext) => Request | null];

const group = (match: RegExpExecArray, index: number): string => (match[index] ?? "").trim();
/** Asked about the user, which is what is remembered. */
const ABOUT_ME = /\b(?:me|myself)$|^what do you remember$|you (?:know|remember)$/iu;
const rule = (source: string, read: Rule[1]): Rule => [new RegExp(`^(?:${source})$`, "isu"), read];

/** Whether the words are a date and nothing else, so that a title is not taken for one. */
const isDate = (words: string, context: DateContext): boolean => {
  const understood = understandDate(words, context);
  if (understood.at === null) return understood.askedBack && words.split(/\s+/).length <= 4;
  return /^[\s,.!]*$/.test(without(words, understood.matched));
};

const PRIORITY_WORDS: Record<string, Changes["priority"]> = {
  urgent: "p1",
  top: "p1",
  highest: "p1",
  high: "p2",
  medium: "p3",
  low: "p4",
  lowest: "p4",
};

function priorityOf(words: string): Changes["priority"] | null {
  const number = /^(?:priority )?p?([1-4])$/i.exec(words.trim())?.[1];
  if (number) return (["p1", "p2", "p3", "p4"] as const)[Number(number) - 1] ?? null;
  return (
    PRIORITY_WORDS[
      words
        .toLowerCase()
        .replace(/ priority$/, "")
        .trim()
    ] ?? null
  );
}

function filterOf(words: string): ListFilter {
  const text = words.toLowerCase();
  const about = /\b(?:about|with|containing|matching|mentioning)\s+["“]?(.+?)["”]?$/.exec(words)?.[1];
  return {
    ...(/\b(?:done|completed|finished)\b/.test(text)
      ? { status: "done" as const }
      : /\b(?:all|everything)\b/.test(text) && /\bdone\b/.test(text)
        ? { status: "all" as const }
        : {}),
    ...(/\b(?:overdue|late)\b/.test(text)
      ? { when: "overdue" as const }
      : /\btomorrow\b/.test(text)
        ? { when: "tomorrow" as const }
        : /\b(?:today|tonight|now)\b/.test(text)
          ? { when: "today" as const }
          : /\bweek\b/.test(text)
            ? { when: "week" as const }
            : {}),
    ...(about === undefined ? {} : { search: about }),
  };
}

/** What is left of "add a task" when nothing is named. */
const NO_TITLE = /^(?:an? |the |this |these )?(?:new )?(?:tasks?|to-?dos?|items?|reminders?|following|it|this|that|something)$/iu;

function taskOf(line: string, context: DateContext): TaskLine {
  const task = readTask(line, context);
  return { ...task, title: task.title.replace(/^["“](.*)["”]$/su, "$1").trim() };
}

function add(text: string, context: DateContext, options: { reminder?: boolean; listed?: boolean } = {}): Request | null {
  const bullets = text
    .split(/\n+/)
    .map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)]|\[ ?\])\s*/, "").trim())
    .filter((line) => line !== "");
  let lines = bullets;
  if (bullets.length === 1) {
    // "milk, bread and eggs" to a list are three; a sentence with "and" in it is one.
    const items = text.split(/\s*,\s*(?:and\s+)?|\s+and\s+/i).filter((item) => item.trim() !== "");
    if (
      options.listed &&
      items.length > 1 &&
      items.every((item) => item.trim().split(/\s+/).length <= 3 && readTask(item, context).due === undefined)
    )
      lines = items;
  }
  const tasks = lines.map((line) => taskOf(line, context)).filter(({ title }) => title !== "" && !NO_TITLE.test(title));
  return tasks.length === 0 ? null : { kind: "add", tasks: tasks.slice(0, 50), reminder: options.reminder ?? false };
}

/** What one gives away, and does not put on a list. */
const WORK = "(?:research|find|look|search|compare|check|investigate|collect|gather|read|write|summari[sz]e|analy[sz]e|work)";

/** In order: the first rule that fits decides. */
const RULES: Rule[] = [
  rule(`in the background\\s*[,:]?\\s+(.+)|(?:do )?(${WORK}\\b.+?),? in the background`, (match) => ({
    kind: "delegate",
    task: group(match, 1) || group(match, 2),
  })),
  rule(
    `(?:help|\\?+|what can (?:you|i) (?:do|say|ask)(?: for me| here)?|what (?:do you|are you able to) (?:do|understand|know)|how (?:do|can) (?:i|you) (?:use you|help(?: me)?|work)|commands)`,
    () => ({ kind: "say", topic: "help" }),
  ),
  rule(
    `(?:who|what) (?:are|r) (?:you|u)|what(?:'s| is) your name|are you (?:an? )?(?:ai|bot|human|real|robot|language model|chatgpt|claude).*|which (?:ai )?model (?:are you|is this)|what model.*|introduce yourself`,
    () => ({ kind: "say", topic: "who" }),
  ),
  rule(
    `(?:hi|hello|hey|hei|yo|good (?:morning|afternoon|evening|day)|greetings|howdy)(?: (?:there|margay|again|you))*|how are you(?: doing)?(?: today)?`,
    () => ({ kind: "say", topic: "hello" }),
  ),
  rule(
    `(?:ok(?:ay)?,? )?(?:thanks|thank you|thx|ty|cheers|great|perfect|nice|cool|awesome|good|ok(?:ay)?)(?: (?:a lot|so much|very much|again|margay|job|work))*`,
    () => ({ kind: "say", topic: "thanks" }),
  ),
  rule(`(?:bye|goodbye|good night|see you|see ya|cya)(?: .{0,20})?`, () => ({ kind: "say", topic: "bye" })),
  rule(
    `what(?:'s| is) the (?:time|date|day)(?: today| now)?|what (?:time|day|date) is it(?: today| now)?|what(?:'s| is) today(?:'s date)?`,
    () => ({ kind: "say", topic: "time" }),
  ),
  rule(
    "(?:please )?(?:show|list|tell|give)?(?: me)?\\s*(?:everything|anything|all|what)(?: that)? (?:was |were |you(?:'ve| have)? |did you |have you )?(send|sent|ask|asked|do|did|done)(?: me)?(?: for)?\\s*(?:(today)|(?:this|last|in the last|the last|past) (week|month|day))?\\s*\\??",
    (match) => ({
      kind: "activity",
      what: group(match, 1).startsWith("s") ? "sent" : group(match, 1).startsWith("a") ? "asked" : "done",
      days: group(match, 2) !== "" || group(match, 3).toLowerCase() === "day" ? 1 : group(match, 3).toLowerCase() === "month" ? 30 : 7,
    }),
  ),
  rule(`undo(?: (?:that|it|this|the last (?:one|thing|change)))?|(?:take|put) (?:that|it) back|revert(?: that)?`, () => ({ kind: "undo" })),

  // Memory. "Forget it" is said of what does not matter, and forgets nothing.
  rule("(?:remember|don'?t forget|keep in mind)(?: that|:) (.+)|note that (.+)|remember (?!to\\b|me to\\b)(.+)", (match) => ({
    kind: "remember",
    text: group(match, 1) || group(match, 2) || group(match, 3),
  })),
  rule(
    "forget (?!it$|about it$)(?:about )?(?:(?:that|what) (?:you (?:know|remember) about |i (?:said|told you) about )?)?(.*)",
    (match) => ({
      kind: "forget",
      what: group(match, 1) === "" ? "that" : group(match, 1),
    }),
  ),
  rule(
    "what (?:do|did) you (?:know|remember|have)(?: (?:about|of|on))? (.+)|what do you (?:remember|know about me)|(?:tell me|show me) (?:what|everything) you (?:know|remember)(?: about (.+))?",
    (match) => ({
      kind: "recall",
      query: group(match, 1) || group(match, 2) || "me",
      ...(ABOUT_ME.test(match[0]) ? { from: "memory" } : {}),
    }),
  ),
  rule(
    "(?:what|when|where|why) did (?:we|i|you) (?:decide|agree|settle|say|talk|discuss|mention|plan|choose)(?: (?:on|about|for|to do about|of|with|regarding))* (.+)",
    (match) => ({ kind: "recall", query: group(match, 1), from: "conversation" }),
  ),
  rule("what do(?:es)? (?:the |my |our )?(.+) say (?:about|on|of|regarding) (.+)", (match) => ({
    kind: "recall",
    query: `${group(match, 1)} ${group(match, 2)}`,
    from: "documents",
  })),

  // Lists.
  rule(
    `(?:(?:what|which)(?:'s| is| are|'re)? (?:(?:still )?(?:on|in|left on) )?${LIST}(?: like)?|(?:what|which) (?:open |other )?(?:tasks|to-?dos|things) (?:do i have|are (?:there|open|left|due|overdue)))(.*)`,
    (match) => ({ kind: "list", filter: filterOf(group(match, 0)) }),
  ),
  rule(
    `(?:show|list|see|read|display|view|give|tell|check|print)(?: me)?(?: (?:out|all|of|my|the|open|current|what|done|completed|finished|overdue|is|due|everything|today's))*(?: (?:to-?do list|task list|to-?dos?|todos|tasks|list|due|overdue|everything))(.*)`,
    (match) => ({ kind: "list", filter: filterOf(group(match, 0)) }),
  ),
  rule(
    `(?:my |all my |open |the |list )?(?:to-?do list|task list|to-?dos|todos|todo|tasks|list|agenda)(?: (?:for )?(?:today|tomorrow|this week))?`,
    (match) => ({ kind: "list", filter: filterOf(group(match, 0)) }),
  ),
  rule(
    `what (?:do|must|should|shall|have) i (?:have |need |got |still have )?(?:to )?(?:do|left|due|get done|finish|work on)?(?: (?:next|today|tonight|tomorrow|this week|now|left|due|first|on|on my plate|to do)| due)*`,
    (match) => ({ kind: "list", filter: filterOf(group(match, 0)) }),
  ),
  rule(
    `(?:what(?:'s| is| are)?|is (?:there )?anything|anything|do i have anything|what tasks are) (?:(?:still|next|coming|that is) ?)?(?:up|due|overdue|late|next|open|left|to do|planned)(.*)`,
    (match) => ({ kind: "list", filter: filterOf(group(match, 0)) }),
  ),
  rule(
    `(?:(?:show|list|tell|give)(?: me)? )?(?:what|which(?: (?:ones|tasks|to-?dos))?)(?:'s| is| are) (?:already )?(?:done|completed?|finished)`,
    () => ({
      kind: "list",
      filter: { status: "done" },
    }),
  ),
  rule(`what (?:have i|did i) (?:done|do|completed?|finish(?:ed)?)(.*)`, () => ({ kind: "list", filter: { status: "done" } })),
  rule(
    `(?:find|search(?: for)?|look for|do i have)(?: (?:my|the|any|a|all|tasks?|to-?dos?|something|anything|to do))*(?: (?:about|for|with|containing|matching))? (.+?)(?: (?:in|on) ${LIST})?`,
    (match) => ({ kind: "list", filter: { search: group(match, 1) } }),
  ),

  rule(
    "((?:where|what|who|when|how|which) (?:do|did|does|am|was|is|are|were) (?:i|my) .+|(?:where|what|who|when)'?s my .+)|do you (?:know|remember) ((?:where|what|who|when|how) (?:i|my) .+)",
    (match) =>
      /\b(?:tasks?|to-?dos?|lists?)\b/iu.test(match[0])
        ? null
        : { kind: "recall", query: group(match, 1) || group(match, 2), from: "memory" },
  ),

  // Changes, before "add": they begin with words like "make" and "set".
  rule(`add (?:an? |the )?notes? (?:to|for|on) (.+?)\\s*:\\s*(.+)`, (match) => ({
    kind: "update",
    which: readReference(group(match, 1)),
    changes: { notes: group(match, 2) },
  })),
  rule(`(?:rename|retitle|change the (?:name|title) of) (.+?) (?:to|as|into) (.+)`, (match) => ({
    kind: "update",
    which: readReference(group(match, 1)),
    changes: { title: group(match, 2).replace(/^["“](.*)["”]$/s, "$1") },
  })),
  rule(`(?:remove|clear|delete|drop) (?:the )?(?:due date|deadline|due|date) (?:of|from|for|on) (.+)`, (match) => ({
    kind: "update",
    which: readReference(group(match, 1)),
    changes: { due: "" },
  })),
  rule(
    `(?:reopen|re-open|uncheck|unmark|uncomplete) (.+)|mark (.+?) (?:as )?(?:not done|undone|open|incomplete|unfinished)(?: again)?`,
    (match) => ({ kind: "complete", which: readReference(group(match, 1) || group(match, 2)), done: false }),
  ),
  rule(
    `(?:mark|set|check|tick|cross|make) (?:off )?(.+?) (?:as |to )?(?:done|complete|completed|finished|off)(?: (?:my|the) list)?`,
    (match) => ({ kind: "complete", which: readReference(group(match, 1)), done: true }),
  ),
  rule(
    `(?:make|set|change|give|mark|put) (?:the )?(?:priority (?:of|for) )?(.+?)(?:(?:'s)? priority)? (?:to |as |at |a |have )*((?:priority )?p?[1-4]|(?:top|highest|high|medium|low|lowest|urgent)(?: priority)?)`,
    (match) => {
      const priority = priorityOf(group(match, 2));
      return priority && !(/^[1-4]$/.test(group(match, 2)) && !/priority/i.test(match[0]))
        ? { kind: "update", which: readReference(group(match, 1)), changes: { priority } }
        : null;
    },
  ),
  rule(`prioriti[sz]e (.+)`, (match) => ({ kind: "update", which: readReference(group(match, 1)), changes: { priority: "p1" } })),
  // A length of time would have to be counted from the date there is, which only the list knows: a day is asked for.
  rule(
    `(?:move|postpone|push|shift|delay|defer|snooze) .+? (?:by|for) (?:another )?(?:an?|one|two|three|four|five|six|seven|ten|a few|a couple of|\\d+) (?:more )?(?:min(?:ute)?|hour|day|week|month)s?`,
    () => ({ kind: "say", topic: "until" }),
  ),
  rule(
    `(?:move|reschedule|postpone|push|shift|delay|defer|snooze|change|set|make|bring forward)(?: the)?(?: (?:due date|deadline|date) (?:of|for))? (.+?) (?:back |forward |out )?(?:to be due|due|to|until|till|for|by|on)(?: (?:to|on|by|at))? (.+)`,
    changeDue,
  ),
  rule(`(?:move|reschedule|postpone|push|shift|delay|defer|snooze) (.+?) (?:back )?(today|tonight|tomorrow|(?:next|this) \\w+)`, changeDue),
  rule(`(.+?) (?:is|are) (?:now )?due (?:on |by |at )?(.+)`, changeDue),

  // Done and gone.
  rule(`(?:complete|finish|check off|tick off|cross off|cross out|close) (.+)`, (match) => ({
    kind: "complete",
    which: readReference(group(match, 1)),
    done: true,
  })),
  rule(
    `(?:i(?:'ve| have|'m| am)? (?:just |already )?)(?:done|did|finished|completed)(?: with)? (.+)|done(?: with)?:? (.+)|(.+?) (?:is|are|was) (?:now |already )?(?:done|finished|complete|completed)`,
    (match) => ({ kind: "complete", which: readReference(group(match, 1) || group(match, 2) || group(match, 3)), done: true }),
  ),
  rule(`(?:delete|remove|drop|scrap|erase|get rid of|trash|clear|empty) (.+?)(?: (?:from|off|on|in) ${LIST})?`, (match) => ({
    kind: "delete",
    which: readReference(group(match, 1)),
  })),

  // Adding.
  rule(`(?:add|put|write) (?:this |these |the following )?(?:to|on|onto|in) ${LIST}\\s*[:,]?\\s*(.+)`, (match, context) =>
    add(group(match, 1), context, { listed: true }),
  ),
  rule(`(?:add|put|write) (.+?) (?:to|on|onto|in|into) ${LIST}\\b(.*)`, (match, context) =>
    add(`${group(match, 1)} ${group(match, 2)}`.trim(), context, { listed: true }),
  ),
  rule(
    `(?:add|create|make|put|note|new|set)(?: down)?(?: me)?(?: an?| another)?(?: new)? ${TASK}s?(?: item)?(?: (?:to|for|called|named|that says|saying))?\\s*[:\\-–]?\\s+(.+)|${TASK}s?\\s*:\\s*(.+)`,
    (match, context) => add(group(match, 1) || group(match, 2), context),
  ),
  rule(
    `(?:remind me|(?:set|add|create|make)(?: me)? (?:an? |another )?(?:new )?reminder|don'?t let me forget|help me remember)(?: (?:to|about|of|that i (?:need|have) to))? (.+)|(?:i (?:need|have|must|should|want) to )?remember to (.+)`,
    (match, context) => add(group(match, 1) || group(match, 2), context, { reminder: group(match, 1) !== "" }),
  ),
  rule(`(?:add|note)\\s*:?\\s+(.+)`, (match, context) => add(group(match, 1), context)),
];

function changeDue(match: RegExpExecArray, context: DateContext): Request | null {
  const due = group(match, 2);
  return isDate(due, context) ? { kind: "update", which: readReference(group(match, 1)), changes: { due } } : null;
}

const POLITE_START =
  /^(?:(?:hey|hi|hello|ok(?:ay)?|so|well|and|also|then|now|please|pls|margay|could you|can you|would you|will you|i(?:'d| would) like (?:you )?to|i want you to|let's|just)\b[\s,:!]*)+/iu;
const POLITE_END = /[\s,]*(?:\b(?:please|pls|thanks|thank you|for me)|[.!?…]|🙏)+$/iu;

function one(text: string, context: DateContext): Request | null {
  const trimmed = text.trim().replace(/[’]/g, "'");
  const polite = trimmed.replace(POLITE_START, "").replace(POLITE_END, "").replace(POLITE_END, "").trim();
  for (const candidate of new Set([polite, trimmed.replace(/[\s.!?…]+$/u, "")])) {
    const reminder = candidate === "" ? null : readReminder(candidate, context);
    if (reminder) return reminder;
    for (const [pattern, read] of RULES) {
      const match = candidate === "" ? null : pattern.exec(candidate);
      const request = match && read(match, context);
      if (request) return request;
    }
  }
  return null;
}

/** Where a message may go on to its next request. */
const JOIN = /(?:[.;!?]+\s+|\s*\n+\s*|,?\s+(?:and then|then|and also|also|and|but)\s+|,\s+)(?=\p{L})/gu;

/** Splits a message into requests. It is split only where both sides are requests of their own, so "buy flour and bake bread" stays whole. */
export function understand(text: string, context: DateContext): Request[] {
  const message = text.slice(0, 4_000).trim();
  const found: Request[] = [];
  let rest = message;
  while (rest !== "" && found.length < 20) {
    const cut = firstCut(rest, context);
    if (!cut) break;
    found.push(cut.request);
    rest = cut.rest;
  }
  const last = rest === "" ? null : one(rest, context);
  if (last) found.push(last);
  else if (found.length === 0 || rest.trim() !== "") found.push({ kind: "unknown" });
  // A greeting before a request needs no answer of its own.
  const real = found.filter(({ kind }) => kind !== "say" && kind !== "unknown");
  return real.length > 0
    ? bindIt(found.filter((request) => request.kind !== "say" || request.topic === "help" || request.topic === "until"))
    : found.slice(0, 1);
}

/** "Make the video p2 and rename it": "it" is what the same message spoke of before, whatever was spoken of earlier. */
function bindIt(requests: Request[]): Request[] {
  let spokenOf: Reference | null = null;
  return requests.map((request) => {
    if (!("which" in request)) return request;
    if (request.which.by === "it") return spokenOf ? { ...request, which: spokenOf } : request;
    spokenOf = request.which;
    return request;
  });
}

function firstCut(text: string, context: DateContext): { request: Request; rest: string } | null {
  let tried = 0;
  for (const join of text.matchAll(JOIN)) {
    if (++tried > 40) return null;
    const rest = text.slice(join.index + join[0].length);
    if (!startsRequest(rest)) continue;
    const request = one(text.slice(0, join.index), context);
    if (request && opensWithRequest(rest, context)) return { request, rest };
  }
  return null;
}

/** Whether the text, or what stands before one of its first joins, is a request. */
const opensWithRequest = (text: string, context: DateContext): boolean =>
  one(text, context) !== null || [...text.matchAll(JOIN)].slice(0, 4).some((join) => one(text.slice(0, join.index), context) !== null);

/** Verbs that open a request of their own; others may go on with a title ("buy flour and make bread"). */
const startsRequest = (text: string): boolean =>
  /^(?:(?:please|also|then|can you|could you)\s+)*(?:add|create|remind me|pause|resume|cancel|mark|complete|delete|remove|rename|move|reschedule|postpone|show|list|what|which|where|who|when|remember|forget|reopen|tick off|check off|cross off|undo|help|who are you|make \S.* p[1-4]\b|task:|todo:)/i.test(
    text,
  );
