import { inline } from "./shown.ts";
import type { Command } from "./command.ts";

export const grants: Command = {
  name: "grants",
  description: "What I may do without asking, and taking it back",
  usage: "/grants\n/grants mail\n/grants revoke 2",
  run(args, { ports }) {
    const held = ports.grants.active();
    const revoke = /^(?:revoke|remove|delete)\s+#?(\d{1,6})$/i.exec(args)?.[1];
    if (revoke !== undefined) {
      const grant = held[held.length - Number(revoke)];
      if (grant === undefined) return `There is no permission ${revoke}. /grants shows them.`;
      ports.grants.revoke(grant.id);
      return `Taken back: ${inline(grant.label)}. I ask again from now on.`;
    }
    if (held.length === 0) return "I may do nothing of that kind without asking: no permission stands.";
    const words = args.toLowerCase().split(/\s+/).filter(Boolean);
    // Numbered from the oldest: a new permission does not move the others.
    const shown = held
      .map((grant, index) => ({ ...grant, number: held.length - index }))
      .filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
    if (shown.length === 0) return `No permission has ${inline(args)} in it. /grants shows all ${held.length}.`;
    const lines = shown.map(
      ({ number, label, uses, forTask }) =>
        `- **${number}**: ${inline(label)}${forTask ? " (for one task)" : ""}, used ${uses === 1 ? "once" : `${uses} times`}`,
    );
    return `Without asking:\n\n${lines.join("\n")}\n\n\`/grants revoke ${shown[0]?.number ?? 1}\` takes one back.`;
  },
};
