import { subjectOf } from "../approval-subject.ts";
import { argumentsText, subjectText } from "../approval-text.ts";
import type { ApprovalAnswer, ApprovalView } from "../approval-view.ts";
import { inlineCode } from "../inline-code.ts";
import { formatReply } from "./format-reply.ts";
import type { FormattedText } from "./formatted.ts";

/** What a button of a card does. */
export type Press = { approvalId: string; press: ApprovalAnswer | "details" };

const CODES = { once: "o", task: "t", always: "a", deny: "d", details: "i" } as const;

/** The data of a button: at most 64 bytes (Bot API, InlineKeyboardButton). */
export const pressData = ({ approvalId, press }: Press): string => `ap:${approvalId}:${CODES[press]}`;

/** null: no button of ours. */
export function readPress(data: string): Press | null {
  const match = /^ap:([\w-]{1,50}):([otadi])$/.exec(data);
  const press = Object.entries(CODES).find(([, code]) => code === match?.[2])?.[0];
  return match?.[1] === undefined || press === undefined ? null : { approvalId: match[1], press: press as Press["press"] };
}

/** The card of an approval: while it waits with its buttons, afterwards with how it ended. */
export function approvalCard(view: ApprovalView): FormattedText[] {
  const waits = view.state === "pending";
  // What is long is said once, and whole: further down it would only push the buttons out of sight.
  const above = new Set(
    view.destinations.map(({ text }) => text).filter((text) => text.length > LONG && subjectOf(view).title.includes(text)),
  );
  const shorter = (line: string, as: (text: string) => string): string =>
    [...above].reduce((rest, text) => rest.replaceAll(as(text), above.size === 1 ? THAT : "those addresses"), line);
  const subject = waits ? subjectText(view) : { title: view.description, blocks: [], whole: true };
  const lines = [
    `**${waits ? "May I?" : headOf(view)}** ${inlineCode(subject.title)}`,
    ...subject.blocks,
    ...view.destinations.map(({ text, yours, notes }) =>
      [
        `→ ${above.has(text) ? THAT : inlineCode(text)}${yours ? "" : " (not your word)"}`,
        ...notes.map((note) => `⚠️ ${plain(note)}`),
      ].join("\n"),
    ),
    ...(waits
      ? [
          ...(subject.whole ? [] : ["There is more to it than this line says: press _Details_ first."]),
          shorter(plain(view.reason), plain),
          ...(view.warning === null ? [] : [`⚠️ **${plain(view.warning)}**`]),
          ...(view.always === null ? [] : [`_Always_ would cover: ${shorter(inlineCode(view.always), (text) => text)}`]),
          `To say why not: \`/deny ${view.number} because …\``,
        ]
      : []),
    ...(!waits && view.outcome !== null ? [plain(view.outcome)] : []),
    ...(view.note === null ? [] : [`Your note: ${plain(view.note)}`]),
  ];
  const messages = formatReply(lines.join("\n\n"));
  const last = messages.at(-1);
  if (last === undefined || !waits) return messages;
  const button = (text: string, press: Press["press"]) => ({ text, callback_data: pressData({ approvalId: view.id, press }) });
  const more = [button("Deny", "deny"), button("Details", "details")];
  const keyboard =
    view.always === null
      ? [[button("Once", "once"), ...more]]
      : [[button("Once", "once"), button("For this task", "task"), button("Always", "always")], more];
  return [...messages.slice(0, -1), { ...last, keyboard }];
}

/** Characters of an address that is not said again. */
const LONG = 60;
const THAT = "that address";

/** Everything there is to a call, for who wants to see it before they answer. */
export const approvalDetails = (view: ApprovalView): string =>
  [`**${plain(view.tool)}** (${view.effect})`, ...argumentsText(view), plain(view.reason)].join("\n\n");

const STATE: Readonly<Record<ApprovalView["state"], string>> = {
  pending: "Waiting:",
  approved: "Approved:",
  executing: "Approved, running:",
  done: "Done:",
  failed: "Approved, but failed:",
  unknown: "Approved, outcome unknown:",
  denied: "Denied:",
  expired: "Expired:",
};

/** What was stopped before anybody answered was not denied by anybody. */
const headOf = ({ state, answered_at }: ApprovalView): string =>
  state === "denied" && answered_at === null ? "Not asked any more:" : STATE[state];

const plain = (text: string): string => text.replaceAll(/[\\`*_[\]<>#|~]/g, (mark) => `\\${mark}`);
