import { argumentsText } from "../channels/approval-text.ts";
import type { ApprovalView } from "../channels/approval-view.ts";
import { inline, plain, span } from "./shown.ts";
import type { Command } from "./command.ts";

export const approvals: Command = {
  name: "approvals",
  description: "What waits for your yes",
  usage: "/approvals\n/approvals 7",
  run(args, { ports, now }) {
    const waiting = ports.approvals.waiting();
    const number = /^#?(\d{1,9})$/.exec(args)?.[1];
    if (number !== undefined) {
      const one = ports.approvals.numbered(Number(number));
      return one === null ? `There is no approval ${number}.` : whole(one);
    }
    if (waiting.length === 0) return "Nothing waits for you.";
    const lines = waiting.map(
      ({ number: id, description, expires_at: end, warning }) =>
        `- **${id}**: ${inline(description)}, for another ${span(end - now())}${warning === null ? "" : `. ⚠️ ${warning}`}`,
    );
    const first = waiting[0]?.number ?? 1;
    return `${lines.join("\n")}\n\n\`/approve ${first}\`, \`/deny ${first}\`, or \`/approvals ${first}\` for all of it.`;
  },
};

/** Everything there is to one. */
function whole(view: ApprovalView): string {
  const where = view.destinations.map(({ text, yours, notes }) =>
    [`- ${inline(text)}${yours ? "" : " (not your word)"}`, ...notes.map((note) => `  ⚠️ ${note}`)].join("\n"),
  );
  return [
    `**${view.number}**, ${view.state}: ${inline(view.description)}`,
    ...(where.length > 0 ? [where.join("\n")] : []),
    `${view.tool} (${view.effect})`,
    ...argumentsText(view),
    plain(view.reason),
    ...(view.warning === null ? [] : [`⚠️ **${view.warning}**`]),
    ...(view.state === "pending"
      ? [
          ...(view.always === null ? [] : [`“Always” would cover: ${inline(view.always)}`]),
          `\`/approve ${view.number}${view.always === null ? "" : " [task|always]"}\` or \`/deny ${view.number} [why]\``,
        ]
      : []),
    ...(view.outcome === null ? [] : [plain(view.outcome)]),
  ].join("\n\n");
}
