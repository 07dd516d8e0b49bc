import { plain } from "../../plain.ts";
import { z } from "zod";
import { addDays } from "../../dates/calendar.ts";
import { echoDay, echoDue } from "../../dates/echo.ts";
import { toLocal } from "../../dates/zone.ts";
import { ScheduleChange, scheduleChangeText, ScheduleList, scheduleListText } from "../../tools/schedule/listed.ts";
import { changeText, listText, type ListedTodo, TodoChange, TodoList } from "../../tools/todos/listed.ts";
import type { Answered, PromptRead } from "./read-prompt.ts";
import type { ListFilter, Reference, Request } from "./request.ts";
import { activityText } from "./activity.ts";
import { forgottenText, recalledText, rememberedText } from "./recalled.ts";
import { CONTENT_ONLY, NO_TIME, sayNotice, sayTopic, UNKNOWN } from "./say.ts";
import { undoCalls } from "./undo.ts";
import { understand } from "./understand.ts";

/** A tool call the model asks for. */
export interface Call {
  tool: string;
  input: Record<string, unknown>;
}

/** Asks for calls, gets their answers, and in the end has a text. Run anew from the start at every step of a turn. */
type Program = Generator<Call[], string, unknown[]>;

/** The next step of a turn: more calls, or the answer. */
export function nextStep(read: PromptRead, offered: (tool: string) => boolean): { calls: Call[] } | { text: string } {
  const program = answer(read);
  let answered = 0;
  let step = program.next();
  while (!step.done) {
    const calls = step.value;
    const missing = calls.find(({ tool }) => !offered(tool));
    if (missing) return { text: `I would need the tool ${missing.tool} for that, and it is not available here.` };
    const outputs = read.answered.slice(answered, answered + calls.length);
    if (outputs.length < calls.length) return { calls: calls.slice(outputs.length) };
    answered += calls.length;
    step = program.next(outputs.map(({ output }) => output));
  }
  return { text: step.value };
}

/** What one request became: calls to make, or a sentence at once. */
type Work = { calls: Call[]; word(outputs: unknown[]): string } | { text: string };

function* answer(read: PromptRead): Program {
  if (read.words.length === 0 && read.notices.length > 0) return read.notices.map(sayNotice).join("\n\n");
  if (read.words.length === 0) return read.content ? CONTENT_ONLY : UNKNOWN;
  const context = { now: read.now, timeZone: read.timeZone };
  const requests = read.words.flatMap((word) => understand(word, context));
  const byPosition = requests.some((request) => "which" in request && (request.which.by === "position" || request.which.by === "all"));
  let shown: TodoList | null = null;
  if (byPosition) {
    const [output] = yield [{ tool: "list_todos", input: {} }];
    const list = TodoList.safeParse(output);
    if (!list.success) return problemOf(output);
    shown = list.data;
  }
  const works = requests.map((request) => workOf(request, read, shown));
  // Changes first, then lists, so that a list shows what was just changed.
  const answers = new Map<Work, unknown[]>();
  for (const lists of [false, true]) {
    const batch = works.filter((work, index) => "calls" in work && /^(?:list|schedules)$/u.test(requests[index]?.kind ?? "") === lists);
    const calls = batch.flatMap((work) => ("calls" in work ? work.calls : []));
    if (calls.length === 0) continue;
    const outputs = yield calls;
    let at = 0;
    for (const work of batch) {
      const count = "calls" in work ? work.calls.length : 0;
      answers.set(work, outputs.slice(at, at + count));
      at += count;
    }
  }
  const texts = works.map((work) => ("text" in work ? work.text : work.word(answers.get(work) ?? [])));
  return [...new Set(texts)].join("\n\n");
}

function workOf(request: Request, read: PromptRead, shown: TodoList | null): Work {
  switch (request.kind) {
    case "add": {
      const calls = request.tasks.map((task): Call => ({ tool: "add_todo", input: { ...task } }));
      const note = request.reminder ? ` ${NO_TIME}` : "";
      return {
        calls,
        word: (outputs) => changesText(outputs) + (outputs.some((output) => TodoChange.safeParse(output).success) ? note : ""),
      };
    }
    case "list":
      return listWork(request.filter, read);
    case "complete":
      return each(request.which, read, shown, (todo) => ({
        tool: "complete_todo",
        input: { todo, ...(request.done ? {} : { done: false }) },
      }));
    case "delete":
      if (request.which.by === "all") return { text: "I do not delete everything at once. Say which ones, by number or by name." };
      return each(request.which, read, shown, (todo) => ({ tool: "delete_todo", input: { todo } }));
    case "update":
      return each(request.which, read, shown, (todo) => ({ tool: "update_todo", input: { todo, ...request.changes } }));
    case "schedule":
      return { calls: [{ tool: "schedule", input: { when: request.when, kind: "text" } }], word: ([output]) => scheduleText(output) };
    case "schedules":
      return {
        calls: [{ tool: "list_schedules", input: {} }],
        word([output]) {
          const list = ScheduleList.safeParse(output);
          return list.success ? scheduleListText(list.data, "There are no reminders.") : problemOf(output);
        },
      };
    case "changeSchedule": {
      if (request.name === "all") return { text: "I do not change all of them at once. Say which one, by its number." };
      const change = request.change.when === undefined ? { do: request.change.do } : { when: request.change.when };
      return {
        calls: [{ tool: "change_schedule", input: { schedule: request.name, ...change } }],
        word: ([output]) => scheduleText(output),
      };
    }
    case "remember":
      return {
        calls: [{ tool: "remember", input: { text: request.text } }],
        word: ([output]) => rememberedText(output) ?? problemOf(output),
      };
    case "forget":
      return { calls: [{ tool: "forget", input: { what: request.what } }], word: ([output]) => forgottenText(output) ?? problemOf(output) };
    case "recall": {
      const { kind: _, ...input } = request;
      return { calls: [{ tool: "recall", input }], word: ([output]) => recalledText(output, request.query) ?? problemOf(output) };
    }
    case "delegate":
      return { calls: [{ tool: "delegate", input: { task: request.task } }], word: ([output]) => startedText(output) ?? problemOf(output) };
    case "undo": {
      const undo = undoCalls(read.earlier);
      return "text" in undo ? undo : { calls: undo.calls, word: changesText };
    }
    case "activity":
      return {
        calls: [{ tool: "list_activity", input: { what: request.what, days: request.days } }],
        word: ([output]) => activityText(output, request.what),
      };
    case "say":
      return { text: sayTopic(request.topic, read.now === 0 ? null : `${echoDue(read.now, true, read.timeZone)} (${read.timeZone})`) };
    case "unknown":
      return { text: UNKNOWN };
  }
}

function listWork({ status, when, search }: ListFilter, read: PromptRead): Work {
  const input = {
    ...(status === undefined ? {} : { status }),
    ...(search === undefined ? {} : { search }),
    ...(when === undefined ? {} : { when: when === "tomorrow" ? "week" : when }),
  };
  const empty = search !== undefined ? `No to-do has “${plain(search)}” in it.` : EMPTY[when ?? status ?? "open"];
  return {
    calls: [{ tool: "list_todos", input }],
    word([output]) {
      const list = TodoList.safeParse(output);
      if (!list.success) return problemOf(output);
      if (when !== "tomorrow") return listText(list.data, empty ?? "Nothing.");
      const tomorrow = echoDay(addDays(toLocal(read.now, read.timeZone), 1));
      return listText({ todos: list.data.todos.filter(({ due }) => due?.startsWith(tomorrow)) }, "Nothing is due tomorrow.");
    },
  };
}

const EMPTY: Record<string, string> = {
  open: "Your list is empty.",
  all: "Your list is empty.",
  done: "Nothing is done yet.",
  overdue: "Nothing is overdue.",
  today: "Nothing is due today.",
  week: "Nothing is due this week.",
};

/** The calls for the to-dos that are meant. A number that meant another one when the list was last shown is asked about. */
function each(which: Reference, read: PromptRead, shown: TodoList | null, call: (todo: string) => Call): Work {
  const work = (todos: string[]): Work => ({ calls: todos.map(call), word: changesText });
  switch (which.by) {
    case "words":
      return work([which.words]);
    case "it": {
      const last = lastTodo(read.earlier);
      return last === null ? { text: "Which one do you mean? Say a word of its title." } : work([last]);
    }
    case "all":
      if (!shown || shown.todos.length === 0) return { text: "Your list is empty." };
      return work(shown.todos.slice(0, 50).map(({ id }) => id));
    case "position": {
      const before = lastList(read.earlier);
      const chosen: string[] = [];
      for (const position of which.positions) {
        const todo = at(shown, position);
        if (!todo)
          return { text: `There is no to-do number ${position === -1 ? "one" : position}; the list has ${shown?.todos.length ?? 0}.` };
        const then = at(before, position);
        if (then && then.id !== todo.id) {
          return {
            text: `The list has changed: number ${position === -1 ? shown?.todos.length : position} was “${plain(then.title)}” when I showed it and is “${plain(todo.title)}” now. Which one do you mean?`,
          };
        }
        chosen.push(todo.id);
      }
      return work([...new Set(chosen)]);
    }
  }
}

const at = (list: TodoList | null, position: number): ListedTodo | undefined =>
  position === -1 ? list?.todos.at(-1) : list?.todos.find(({ n }) => n === position);

/** The whole list as the conversation showed it last; null: it did not. */
function lastList(earlier: readonly Answered[]): TodoList | null {
  for (const { tool, output, last } of earlier.toReversed()) {
    const list = tool === "list_todos" && last ? TodoList.safeParse(output) : null;
    if (list?.success && list.data.todos.length > 0) return list.data;
  }
  return null;
}

/** The to-do the conversation spoke of last. */
function lastTodo(earlier: readonly Answered[]): string | null {
  for (const { output } of earlier.toReversed()) {
    const change = TodoChange.safeParse(output);
    if (change.success) return Object.values(change.data)[0]?.id ?? null;
    const list = TodoList.safeParse(output);
    if (list.success && list.data.todos.length === 1) return list.data.todos[0]?.id ?? null;
    if (list.success) return null;
  }
  return null;
}

const changesText = (outputs: unknown[]): string =>
  outputs
    .map((output) => {
      const change = TodoChange.safeParse(output);
      return change.success ? changeText(change.data) : problemOf(output);
    })
    .join("\n");

function scheduleText(output: unknown): string {
  const change = ScheduleChange.safeParse(output);
  return change.success ? scheduleChangeText(change.data) : problemOf(output);
}

const Started = z.object({ started: z.string() });

function startedText(output: unknown): string | null {
  const started = Started.safeParse(output);
  return started.success ? `Started ${started.data.started} in the background; I tell you how it ends.` : null;
}

/** A refusal in the tool's own words. */
function problemOf(output: unknown): string {
  if (typeof output === "object" && output !== null) {
    for (const key of ["error", "denied"]) {
      const message: unknown = Reflect.get(output, key);
      if (typeof message === "string") return message;
    }
  }
  return "That did not work.";
}
