import { inline, moment, plain } from "./shown.ts";
import type { Command } from "./command.ts";

export const undo: Command = {
  name: "undo",
  description: "Take back the last change, or one from the list",
  usage: "/undo\n/undo list\n/undo 2",
  async run(args, { ports, timeZone }) {
    const changes = ports.undo.list();
    if (changes.length === 0) return "There is nothing to take back.";
    if (/^(?:list|ls|show)$/i.test(args)) {
      const lines = changes.map(({ summary, at }, index) => `${index + 1}. ${inline(summary)} (${moment(at, timeZone)})`);
      return `${lines.join("\n")}\n\n\`/undo 1\` takes the last back.`;
    }
    const number = args === "" ? 1 : Number(args.replace(/^#/, ""));
    const change = Number.isInteger(number) ? changes[number - 1] : undefined;
    if (change === undefined) return "Which one? `/undo list` shows what can be taken back.";
    const { summary, result } = await ports.undo.undo(change.id);
    return `Taken back: ${inline(summary)}. ${plain(result)}.`;
  },
};
