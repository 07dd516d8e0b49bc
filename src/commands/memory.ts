import { skillsWords } from "../memory/skills-words.ts";
import type { Forgotten, MemoryView } from "../memory/shapes.ts";
import type { Command, CommandContext } from "./command.ts";
import { inline, plain } from "./shown.ts";

/** Shown in one answer. */
const SHOWN = 40;
const YES = "/memory forget all yes";

export const memory: Command = {
  name: "memory",
  description: "What I remember about you",
  usage: ["/memory", "/memory words to look for", "/memory pin 3", "/memory unpin 3", "/memory forget 3", "/memory forget all"].join("\n"),
  async run(args, context) {
    const [, verb = "", number = ""] = /^(pin|unpin|forget|delete|remove)\s+#?(\d{1,9})$/iu.exec(args) ?? [];
    if (verb !== "") return change(verb.toLowerCase(), Number(number), context);
    const all = /^(?:forget|delete|remove)\s+(?:all|everything)(?:\s+(yes))?$/iu.exec(args);
    if (all) return forgetAll(all[1] !== undefined, context);
    if (/^(?:pin|unpin|forget|delete|remove)\b/iu.test(args))
      return "Which one? Say its number, for example `/memory forget 3`. /memory shows them.";
    return list(args.replace(/^(?:list|show|search|find)\b\s*/iu, ""), context);
  },
};

async function list(words: string, { ports, publicUrl }: CommandContext): Promise<string> {
  const found = await ports.memory.list(words === "" ? null : words, SHOWN + 1);
  const where = publicUrl === null ? "the Memory page" : `${publicUrl}/memory`;
  if (found.length === 0)
    return words === ""
      ? `Nothing yet. Tell me something to remember, or write it down on ${where}.`
      : `Nothing that I remember fits ${inline(words)}.`;
  const lines = found.slice(0, SHOWN).map(({ number, memory: one, from }) => `- **${number}** ${plain(one.text)} · ${notes(one, from)}`);
  const more = found.length > SHOWN ? [`… and more, on ${where}.`] : [];
  return [
    ...lines,
    "",
    ...more,
    `Pin or forget one by its number: \`/memory forget ${found[0]?.number ?? 1}\`. Change it on ${where}.`,
  ].join("\n");
}

const notes = ({ pinned, kind, uses, tainted }: MemoryView, from: string): string =>
  [
    ...(pinned ? ["pinned"] : []),
    ...(kind === "fact" ? [] : [kind]),
    plain(from),
    ...(tainted ? ["from content from outside"] : []),
    uses === 0 ? "not used yet" : uses === 1 ? "used once" : `used ${uses} times`,
  ].join(", ");

async function change(verb: string, number: number, { ports }: CommandContext): Promise<string> {
  if (verb === "pin") return `Pinned, so it is always in my mind: ${plain(ports.memory.pin(number, true).text)}`;
  if (verb === "unpin") return `No longer pinned: ${plain(ports.memory.pin(number, false).text)}`;
  // Not named again: it would be here then.
  return `Forgotten: number ${number}. ${keptWords(await ports.memory.forget(number))}`;
}

async function forgetAll(sure: boolean, { ports }: CommandContext): Promise<string> {
  if (!sure) {
    const count = ports.memory.count();
    if (count === 0) return "I remember nothing, so there is nothing to forget.";
    return `That takes all I remember (${count}), and the words of it in our conversations. It cannot be taken back. If you mean it: \`${YES}\``;
  }
  const done = await ports.memory.forget(null);
  return `Forgotten: everything, ${done.memories} ${done.memories === 1 ? "memory" : "memories"}. ${keptWords(done)}`;
}

function keptWords({ verified, skills = [] }: Forgotten): string {
  if (!verified) return [LATER, ...(skills.length === 0 ? [] : [skillsWords(skills)])].join(" ");
  const rest = skills.length === 0 ? "" : " else";
  return `I looked again, and it is in nothing${rest} that I keep. Your own files stay as they are.${skills.length === 0 ? "" : ` ${skillsWords(skills)}`}`;
}

const LATER = "Not everything could be reached just now; the rest follows by itself.";
