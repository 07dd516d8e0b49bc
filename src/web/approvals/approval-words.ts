import type { ApprovalView } from "../../channels/approval-view.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long it still waits: `expires in 23 h`. */
export function expiresIn(now: number, at: number): string {
  const left = at - now;
  if (left <= 0) return "its time is over";
  if (left < MINUTE) return "expires in less than a minute";
  if (left < HOUR) return `expires in ${Math.floor(left / MINUTE)} min`;
  if (left < 2 * DAY) return `expires in ${Math.floor(left / HOUR)} h`;
  return `expires in ${Math.floor(left / DAY)} days`;
}

/** The mark of a state: whether it went well, badly, or nobody knows yet. */
export type Tone = "busy" | "good" | "bad" | "quiet";

export const toneOf = (state: ApprovalView["state"]): Tone => TONES[state];

const TONES: Record<ApprovalView["state"], Tone> = {
  pending: "busy",
  approved: "busy",
  executing: "busy",
  done: "good",
  failed: "bad",
  unknown: "bad",
  denied: "quiet",
  expired: "quiet",
};

const SCOPES = { once: "once", task: "for this task", always: "from now on" } as const;

/** How an answered approval stands, in a sentence or two. */
export function standing(approval: ApprovalView): string {
  const { state, outcome, scope } = approval;
  const yes = scope === null ? "You said yes" : `You said yes, ${SCOPES[scope]}`;
  switch (state) {
    case "pending":
      return "It waits for your answer.";
    case "approved":
      return `${yes}. It starts now.`;
    case "executing":
      return `${yes}. It runs.`;
    case "done":
      return `${yes}. ${newIn(approval)}`;
    case "failed":
      return `${yes}, but it did not work. ${outcome ?? ""}`.trim();
    case "unknown":
      return `${yes}. ${outcome ?? "It was interrupted while it ran; whether it happened is not known."} Look before you ask for it again.`;
    case "denied":
      return approval.answered_at === null && outcome !== null ? outcome : "You said no.";
    case "expired":
      return "Nobody answered in time, so it was not done.";
  }
}

/** What an outcome says beyond what was asked, which stands above it. */
function newIn({ outcome, description }: ApprovalView): string {
  if (outcome === null) return "Done.";
  if (!outcome.startsWith(description)) return outcome;
  const more = outcome.slice(description.length).trim();
  return more === "" ? "Done." : more.replace(/^\((.+)\)$/u, (_all, what: string) => `${what}.`);
}
