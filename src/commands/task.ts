import { taskText } from "./tasks.ts";
import { changeText, line as todoLine, listText, type ListedTodo, TodoChange, TodoList } from "../tools/todos/listed.ts";
import { readTask } from "../tools/todos/read-task.ts";
import type { Command, CommandContext } from "./command.ts";
import { toolAnswer } from "./tool-answer.ts";

const USAGE = [
  "/task",
  "/task film the workout video p1 due tomorrow",
  "/task list [today | week | overdue | done | all | words]",
  "/task done 2",
  "/task reopen 2",
  "/task edit 2 due friday p2",
  "/task delete 2",
].join("\n");

export const task: Command = {
  name: "task",
  description: "Your to-dos: add, list, done, edit, delete",
  usage: USAGE,
  also: ["todo", "todos"],
  async run(args, context) {
    const [, word = "", rest = ""] = /^(\S*)\s*([\s\S]*)$/.exec(args) ?? [];
    switch (word.toLowerCase()) {
      case "":
        return list("", context);
      case "list":
      case "ls":
      case "show":
        return list(rest, context);
      case "add":
      case "new":
        return add(rest, context);
      case "done":
      case "complete":
      case "finish":
      case "check":
        return each(rest, "done", context, (todo) => change("complete_todo", { todo }, context));
      case "reopen":
      case "undone":
      case "undo":
        return each(rest, "reopen", context, (todo) => change("complete_todo", { todo, done: false }, context));
      case "delete":
      case "remove":
      case "rm":
        return each(rest, "delete", context, (todo) => change("delete_todo", { todo }, context));
      case "edit":
      case "update":
      case "change":
      case "move":
        return edit(rest, context);
      default:
        return /^#?\d{1,9}$/.test(args) ? whichOne(Number(args.replace("#", "")), context) : add(args, context);
    }
  },
};

async function change(name: string, input: Record<string, unknown>, context: CommandContext): Promise<string> {
  return changeText(await toolAnswer(name, input, TodoChange, context));
}

async function list(filter: string, context: CommandContext): Promise<string> {
  const wanted = filter.toLowerCase().trim();
  if (wanted === "today" || wanted === "overdue" || wanted === "week" || wanted === "this week") {
    const when = wanted === "this week" ? "week" : wanted;
    return listText(
      await toolAnswer("list_todos", { when }, TodoList, context),
      when === "overdue" ? "Nothing is overdue." : `Nothing is due ${when === "today" ? "today" : "this week"}.`,
    );
  }
  if (wanted === "" || wanted === "open")
    return listText(
      await toolAnswer("list_todos", {}, TodoList, context),
      "Nothing to do. Add something with `/task buy milk due tomorrow`.",
    );
  if (wanted === "done" || wanted === "all")
    return listText(
      await toolAnswer("list_todos", { status: wanted }, TodoList, context),
      wanted === "done" ? "Nothing is done yet." : "There are no to-dos.",
    );
  return listText(await toolAnswer("list_todos", { search: filter }, TodoList, context), "No to-do has these words.");
}

async function add(line: string, context: CommandContext): Promise<string> {
  const { title, priority, due } = readTask(line, { now: context.saidAt, timeZone: context.timeZone });
  if (title === "") return "What is to be done? For example `/task buy milk due tomorrow`.";
  return change("add_todo", { title, priority, due }, context);
}

/** "2 4 5" means several by number; anything else is one to-do. Numbers are looked up first: they move when one is done. */
async function each(which: string, verb: string, context: CommandContext, work: (todo: string) => Promise<string>): Promise<string> {
  if (which === "") return `Which one? For example \`/task ${verb} 2\`.`;
  const numbers = which.split(/[\s,]+(?:and\s+)?/).filter((part) => part !== "");
  if (!numbers.every((part) => /^#?\d{1,4}$/.test(part))) return work(which);
  const { todos } = await toolAnswer("list_todos", {}, TodoList, context);
  const lines: string[] = [];
  for (const number of numbers) {
    const todo = numbered(todos, number);
    lines.push(todo ? await work(todo.id) : numbers.length === 1 ? await work(number) : `There is no to-do number ${number}.`);
  }
  return lines.join("\n");
}

/** A number alone names what has it: a to-do, or what works in the background and is called so everywhere. It is no to-do to add. */
async function whichOne(number: number, context: CommandContext): Promise<string> {
  const { todos } = await toolAnswer("list_todos", {}, TodoList, context);
  const todo = numbered(todos, String(number));
  const found = [...context.ports.tasks.open(), ...context.ports.tasks.ended(100)].find((one) => one.number === number);
  const texts = [
    ...(todo
      ? [`To-do ${number}: ${todoLine(todo)}\n\n\`/task done ${number}\`, \`/task edit ${number} …\` or \`/task delete ${number}\``]
      : []),
    ...(found ? [taskText(found, context)] : []),
  ];
  if (texts.length > 0) return texts.join("\n\n");
  return `There is no to-do and no background task ${number}. /task shows your to-dos, /tasks what works in the background; \`/task add ${number}\` adds a to-do that is called so.`;
}

const numbered = (todos: readonly ListedTodo[], number: string): ListedTodo | undefined =>
  todos.find(({ n }) => n === Number(number.replace("#", "")));

async function edit(text: string, context: CommandContext): Promise<string> {
  const byNumber = /^(#?\d{1,4}|[0-9a-f]{8})(?:\s*:)?\s+(.+)$/is.exec(text);
  const byWords = /^([^:]+):\s+(.+)$/s.exec(text);
  const split = byNumber ?? byWords;
  const words = split?.[2] ?? text;
  const clear = /(?:^|\s)(?:no due(?: date)?|without due date)\s*$/i.exec(words);
  const line = readTask(clear ? words.slice(0, clear.index) : words, { now: context.saidAt, timeZone: context.timeZone });
  const title = split ? line.title.replace(/^(?:to|rename to|title|title:)\s+/i, "") : "";
  const todo = split?.[1] ?? line.title.replace(/\s+to$/i, "");
  const due = clear ? "" : line.due;
  if (todo === "" || (title === "" && line.priority === undefined && due === undefined))
    return "Say which one and what changes, for example `/task edit 2 due friday p2`.";
  return change("update_todo", { todo, due, priority: line.priority, ...(title === "" ? {} : { title }) }, context);
}
