import type { ApprovalView } from "../channels/approval-view.ts";

import { inlineCode as inline } from "../channels/inline-code.ts";
import { plain } from "../plain.ts";
import { fileHref } from "../workspace/named-path.ts";

export { inline };

/** Text of others as text, with its marks escaped. */
export { plain } from "../plain.ts";

/** A file as a link to it, a picture so that it is shown. Brackets would end where it leads. */
export function fileLink({ path, name, mime }: { path: string; name: string; mime: string }): string {
  const to = fileHref(path).replaceAll("(", "%28").replaceAll(")", "%29");
  return `${mime.startsWith("image/") && mime !== "image/svg+xml" ? "!" : ""}[${plain(name)}](${to})`;
}

/** A length of time in one unit. */
export function span(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 120) return minutes === 1 ? "minute" : `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}

/** A moment in a zone: `26 Nov, 09:15`. */
export const moment = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone }).format(at);

/**
 * Which approval is meant by what follows `/approve` or `/deny`: its number, or without one the only that waits. Of several none is guessed: a yes to the wrong one cannot be
 * taken back.
 */
export function which(
  args: string,
  waiting: readonly ApprovalView[],
  numbered: (number: number) => ApprovalView | null,
): { approval: ApprovalView; rest: string } | { sentence: string } {
  const [, number, rest = ""] = /^#?(\d{1,9})\b\s*([\s\S]*)$/.exec(args) ?? [];
  if (number !== undefined) {
    const approval = numbered(Number(number));
    return approval === null ? { sentence: `There is no approval ${number}. /approvals shows what waits.` } : { approval, rest };
  }
  const [only] = waiting;
  if (only === undefined) return { sentence: "Nothing waits for you." };
  if (waiting.length > 1)
    return { sentence: `Which one? ${waiting.map(({ number: id, description }) => `**${id}** ${inline(description)}`).join(", ")}` };
  return { approval: only, rest: args };
}
