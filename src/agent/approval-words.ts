import { inlineCode } from "../channels/inline-code.ts";
import type { ApprovalView } from "../channels/approval-view.ts";
import type { ApprovalRow } from "../db/object/approvals.ts";

/** How an approval ended, for the record and for a person. */
export const ENDS = {
  deny: "The user said no.",
  withdraw: "What asked this was stopped, or asked again, before it was answered.",
  expire: "Nobody answered in time, which is a no.",
  succeed: "Done.",
  fail: "It failed.",
  lose: "It was interrupted while it ran; whether it happened is not known.",
  stop: "It was stopped while it ran; how much of it happened is not known.",
} as const;

/** What the agent reads behind the last two. */
export const ASK_FIRST = "Do not repeat it without asking the user.";

/** How an approval ended, as the agent hears it: nothing in it comes from the tool. A note is the user's word. */
export function sentence(row: Pick<ApprovalRow, "state" | "tool" | "note">): string {
  const note = row.note === null ? "" : ` The user adds: ${row.note}`;
  return `${HEARD[row.state].replace("TOOL", row.tool)}${note}`;
}

const HEARD: Readonly<Record<ApprovalRow["state"], string>> = {
  pending: "TOOL still waits.",
  approved: "The user approved TOOL.",
  executing: "The user approved TOOL, and it runs.",
  done: "The user approved TOOL, and it is done; see its result.",
  failed: "The user approved TOOL, but it failed; see its result.",
  unknown: "The user approved TOOL, but it was interrupted and whether it happened is not known. Tell the user; do not repeat it.",
  denied: "The user said no to TOOL. Do not do it in another way.",
  expired: "Nobody answered in time about TOOL, so it was not done.",
};

const SETTLED: Readonly<Record<ApprovalRow["state"], string>> = {
  pending: "it still waits",
  approved: "it was approved",
  executing: "it was approved and runs",
  done: "it was approved and is done",
  failed: "it was approved and failed",
  unknown: "it was approved, and whether it happened is not known",
  denied: "the answer was no",
  expired: "nobody answered in time",
};

/** What a person is told whose answer came second. */
export function settledText(row: ApprovalRow): string {
  if (row.state === "denied" && row.answeredAt === null) return "it is not asked any more.";
  const where = row.answeredOn === null ? "" : ` (answered on ${row.answeredOn})`;
  return `${SETTLED[row.state]}${where}.`;
}

/** What waits, as a channel without cards tells it, with how to answer. Markdown. */
export function asksText(waiting: readonly ApprovalView[]): string {
  const lines = waiting.map(({ number, description, destinations, warning }) => {
    const strangers = destinations.filter(({ yours }) => !yours).map(({ text }) => inlineCode(text));
    const notes = [
      ...(strangers.length > 0 ? [`You did not name ${strangers.join(", ")}.`] : []),
      ...destinations.flatMap(({ notes: found }) => found),
      ...(warning === null ? [] : [warning]),
    ];
    return [
      `**May I?** ${inlineCode(description)}`,
      ...notes,
      `\`/approve ${number}\` or \`/deny ${number}\`; all of it: \`/approvals ${number}\``,
    ].join("\n");
  });
  return lines.join("\n\n");
}
