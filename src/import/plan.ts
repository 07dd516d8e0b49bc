import type { Item } from "./found.ts";
import type { ImportPlan } from "./shapes.ts";

type Lines = ImportPlan["lines"];
type Kind = Lines[number]["kind"];

/** What stands in a plan or report of what was left out; the rest is counted. */
const MAX_SKIPPED = 100;
const NAMES: Record<"openclaw" | "chatgpt" | "claude" | "markdown", string> = {
  openclaw: "OpenClaw",
  chatgpt: "ChatGPT",
  claude: "Claude",
  markdown: "your folder",
};

/** Adds up what an archive holds, while it is read, into sentences for a person. */
export class PlanLines {
  readonly #counts: Record<Kind, number> = { persona: 0, memory: 0, conversation: 0, document: 0, skill: 0 };
  readonly #known: Record<Kind, number> = { persona: 0, memory: 0, conversation: 0, document: 0, skill: 0 };
  readonly #examples: Record<Kind, string[]> = { persona: [], memory: [], conversation: [], document: [], skill: [] };
  readonly #from = new Set<string>();
  readonly skipped = new Skipped();
  #messages = 0;
  /** How much there is to do: a conversation is as much as its messages. */
  units = 0;

  /** `known`: it is here already. */
  add(item: Item, known: boolean): void {
    this.units += unitsOf(item);
    if (item.kind === "skipped") return this.skipped.add(item.path, item.reason);
    this.#counts[item.kind]++;
    if (known) this.#known[item.kind]++;
    if (item.kind === "conversation") this.#messages += item.messages.length;
    if (item.kind === "memory") this.#from.add(item.from.startsWith("memory/") ? "memory/" : item.from);
    const examples = this.#examples[item.kind];
    if (examples.length < (item.kind === "persona" ? 1 : 3)) examples.push(exampleOf(item));
    if (item.kind === "skill") this.skipped.add(item.path, "Skills come in a later version.");
  }

  lines(format: ImportPlan["format"], persona: { set: boolean; max: number }): Lines {
    const { persona: personas, memory, conversation, document, skill } = this.#counts;
    const lines: Lines = [];
    const add = (kind: Kind, what: string): void => {
      const [count, known] = [this.#counts[kind], this.#known[kind]];
      const there =
        known === 0
          ? ""
          : known === count
            ? count === 1
              ? " It is here already."
              : " All of them are here already."
            : ` ${number(known)} of them are here already.`;
      lines.push({ kind, count, what: what + there, examples: this.#examples[kind] });
    };
    const room = `At most ${number(persona.max)} characters of it all together.`;
    if (personas > 0)
      add(
        "persona",
        persona.set
          ? `How the agent should be: it is added below what you have written in Settings, which stays as it is. ${room}`
          : `How the agent should be: it becomes “How Margay should be” in Settings. ${room}`,
      );
    if (memory > 0)
      add(
        "memory",
        `${counted(memory, "memory", "memories")} from ${[...this.#from].slice(0, 4).join(", ")}: they are remembered, marked as imported.`,
      );
    if (conversation > 0)
      add(
        "conversation",
        `${counted(conversation, "conversation")} with ${counted(this.#messages, "message")} from ${NAMES[format]}: they can be searched, and do not enter your conversation with Margay.`,
      );
    if (document > 0) add("document", `${counted(document, "document")}: read into your knowledge, to be searched and cited.`);
    if (skill > 0) add("skill", `${counted(skill, "skill")}: not taken over. Skills come in a later version.`);
    return lines;
  }
}

/** What is left out and why, as much as a person reads. */
export class Skipped {
  readonly #rows: { path: string; reason: string }[];
  #more: number;
  constructor(rows: readonly { path: string; reason: string }[] = []) {
    const last = rows.at(-1);
    const more = last?.path === "…" ? Number(/\d+/.exec(last.reason)?.[0] ?? 0) : 0;
    this.#more = more;
    this.#rows = more > 0 ? rows.slice(0, -1) : [...rows];
  }

  add(path: string, reason: string): void {
    if (this.#rows.length < MAX_SKIPPED) this.#rows.push({ path: path.slice(0, 300).toWellFormed(), reason });
    else this.#more++;
  }

  rows(): { path: string; reason: string }[] {
    return this.#more === 0 ? [...this.#rows] : [...this.#rows, { path: "…", reason: `${this.#more} more.` }];
  }
}

export const unitsOf = (item: Item): number => (item.kind === "conversation" ? item.messages.length : 1);

function exampleOf(item: Exclude<Item, { kind: "skipped" }>): string {
  if (item.kind === "persona") return shorten(item.text, 600);
  if (item.kind === "memory") return shorten(item.text, 160);
  if (item.kind === "conversation") return shorten(item.title || (item.messages[0]?.text ?? ""), 100);
  return shorten(item.path, 200);
}

const shorten = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text).toWellFormed();
const number = (value: number): string => value.toLocaleString("en");
const counted = (count: number, one: string, many = `${one}s`): string => `${number(count)} ${count === 1 ? one : many}`;
