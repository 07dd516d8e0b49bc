import { inline, moment } from "./shown.ts";
import type { Command, CommandPorts } from "./command.ts";

export const secrets: Command = {
  name: "secrets",
  description: "The names of your stored secrets",
  usage: "/secrets\n/secrets delete github\n/secrets save 1 github\n/secrets discard 1\n/secrets restore 1",
  also: ["secret"],
  async run(args, { ports, timeZone, publicUrl }) {
    const where = publicUrl === null ? "on the page under Settings → Secrets" : `at ${publicUrl}/settings under Secrets`;
    const name = /^(?:delete|remove)\s+(\S+)$/i.exec(args)?.[1];
    if (name !== undefined) {
      ports.secrets.delete(name);
      return `Deleted: ${inline(name)}.`;
    }
    const held = /^(save|keep|discard|forget|restore)\s+#?(\d{1,9})(?:\s+(?:as\s+)?(\S+))?$/i.exec(args);
    if (held) return settle(held[1]?.toLowerCase() ?? "", Number(held[2]), held[3]?.toLowerCase(), ports);
    const waiting = ports.secrets
      .held()
      .map(({ number, kind }) => `- **${number}**: ${kind}, taken out of a message; save, discard or restore it`);
    const stored = ports.secrets.list();
    if (stored.length === 0 && waiting.length === 0)
      return `No secret is stored. Add one ${where}, never here: what is written in a chat stays in it.`;
    const lines = stored.map(({ name: one, lastFour, usedAt, hosts }) => {
      const used = usedAt === null ? "never used" : `last used ${moment(usedAt, timeZone)}`;
      return `- ${inline(one)}${lastFour === "" ? "" : ` …${lastFour}`}, ${used}${hosts.length === 0 ? "" : `, for ${hosts.map(inline).join(", ")}`}`;
    });
    return `${[...lines, ...waiting].join("\n")}\n\nNobody can read their values again, neither you nor I. Add or replace them ${where}.`;
  },
};

async function settle(verb: string, number: number, name: string | undefined, { secrets: port }: CommandPorts): Promise<string> {
  if (verb === "restore") return `The ${await port.restore(number)} is back in your message.`;
  if (verb === "discard" || verb === "forget") return `The ${port.discard(number)} is forgotten.`;
  if (name === undefined) return `Under which name? \`/secrets save ${number} github\``;
  return `The ${await port.save(number, name)} is in your vault as ${inline(name)}. Where tools may send it you say on the page, under Settings → Secrets.`;
}
