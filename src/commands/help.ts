import type { Command } from "./command.ts";

/** The command list. It is asked for when needed, since it holds this command too. */
export const help = (commands: () => readonly Command[]): Command => ({
  name: "help",
  description: "What you can type",
  usage: "/help [command]",
  run(args) {
    const wanted = args.replace(/^\//, "").toLowerCase();
    const one = commands().find(({ name, also }) => name === wanted || also?.includes(wanted));
    if (one)
      return `**/${one.name}** — ${one.description}\n\n${one.usage
        .split("\n")
        .map((line) => `\`${line}\``)
        .join("\n")}`;
    const lines = commands().map(({ name, description }) => `- **/${name}** — ${description}`);
    return `Just write what you need. These commands work everywhere:\n\n${lines.join("\n")}`;
  },
});
