import type { ProfileView, TaskCallView, TaskView } from "../api/tasks.ts";
import { compact, counted, dollars } from "../lib/format.ts";

export type Tone = "good" | "bad" | "busy" | "ask" | "quiet";

/** How a task stands, in a word or two. */
export const STATES: Readonly<Record<TaskView["status"], { name: string; tone: Tone }>> = {
  queued: { name: "waits for room", tone: "busy" },
  running: { name: "running", tone: "busy" },
  waiting_approval: { name: "waits for you", tone: "ask" },
  done: { name: "done", tone: "good" },
  failed: { name: "failed", tone: "bad" },
  cancelled: { name: "cancelled", tone: "quiet" },
};

const ORIGINS: Readonly<Record<TaskView["origin"], string>> = {
  user: "begun by you",
  agent: "begun by Margay",
  schedule: "begun by a schedule",
  event: "begun by an event",
};

export const originWords = ({ origin }: TaskView): string => ORIGINS[origin];

/** `4 steps, 6 tool calls, 12.3k tokens, $0.02`. */
export function countWords({ counts }: Pick<TaskView, "counts">): string {
  return [
    counted(counts.steps, "step"),
    counted(counts.tool_calls, "tool call"),
    `${compact(counts.tokens)} tokens`,
    dollars(counts.cost_micro_usd),
  ].join(", ");
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** `48 s`, `3 min`, `2 h 5 min`. */
export function lengthWords(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.round(ms / SECOND))} s`;
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long it took, or goes on; null: it has not begun. */
export const tookWords = (now: number, { started_at: from, ended_at: to }: TaskView): string | null =>
  from === null ? null : lengthWords(Math.max(0, (to ?? now) - from));

/** The largest part of a limit that is used, 0 to 1: how near it is to being stopped. */
export function usedShare({ counts, limits }: Pick<TaskView, "counts" | "limits">): number {
  const cost = counts.cost_micro_usd === null ? 0 : counts.cost_micro_usd / limits.micro_usd;
  return Math.min(1, Math.max(counts.steps / limits.steps, counts.tokens / limits.tokens, cost));
}

/** `up to 40 steps, 600k tokens, $2.00, 30 min`. */
export const limitWords = ({ steps, tokens, micro_usd, minutes }: TaskView["limits"]): string =>
  `up to ${counted(steps, "step")}, ${compact(tokens)} tokens, ${dollars(micro_usd)}, ${lengthWords(minutes * MINUTE)}`;

export interface Help {
  text: string;
  href: string;
  link: string;
}

/** What can be done about an error; null: nothing but trying again. */
export function helpFor(code: string): Help | null {
  if (code.startsWith("model")) return { text: "See which models are connected.", href: "/settings/models", link: "Check models" };
  if (code === "budget_exceeded" || code === "too_many_steps" || code === "timeout")
    return { text: "A profile of your own can have other limits.", href: "/tasks/profiles", link: "See profiles" };
  if (code === "loop")
    return { text: "It did the same again and again. Say more closely what you want.", href: "/tasks", link: "All tasks" };
  return null;
}

export const CALLS: Readonly<Record<TaskCallView["status"], string>> = {
  running: "working…",
  waiting: "waits for your answer",
  done: "done",
  failed: "failed",
  denied: "not allowed",
  unknown: "interrupted: nobody knows whether it happened",
};

/** The approval that a task waits for; null: for none. */
export const waitingFor = (steps: readonly { calls: readonly TaskCallView[] }[]): string | null =>
  steps.flatMap(({ calls }) => calls).find(({ status, approval_id: id }) => status === "waiting" && id !== null)?.approval_id ?? null;

/** Tools that can sign in with a stored secret. */
const SIGN_IN = ["web_fetch", "browser_type", "run_shell"];

/** What a profile that was made with other capabilities cannot do, though its tools could; null: nothing. */
export const cannotSignIn = ({ capabilities }: Pick<ProfileView, "capabilities">, tools: readonly string[]): string | null =>
  tools.some((tool) => SIGN_IN.includes(tool)) && !capabilities.some((one) => /^secrets\.use(?:$|:)/u.test(one))
    ? "It cannot sign in with your stored secrets: secrets.use is not among its capabilities. A copy of it has all that your agent is granted."
    : null;

/** A name for a copy of a profile that is not taken. */
export function freeName(name: string, taken: readonly ProfileView[]): string {
  const names = new Set(taken.map((item) => item.name));
  for (let number = 1; ; number += 1) {
    const next = number === 1 ? `my-${name}` : `my-${name}-${number}`;
    if (!names.has(next)) return next.slice(0, 40);
  }
}
