import type { HeartbeatLook, HeartbeatStatus } from "../api/heartbeat.ts";
import { counted } from "../lib/format.ts";
import { clock, dayName } from "../lib/time.ts";

/** What came of a look, in a word or two. */
export const LOOKS: Readonly<Record<HeartbeatLook["outcome"], { name: string; tone?: "good" }>> = {
  none: { name: "Nothing new" },
  spoke: { name: "Spoke up", tone: "good" },
  acted: { name: "Did something", tone: "good" },
  quiet: { name: "Stayed quiet" },
  held: { name: "Held back" },
};

/** When it looks next, and how often it spoke up today. */
export function nextLook(now: number, status: HeartbeatStatus | undefined): string {
  if (!status) return "…";
  const { next_at: next, spoken_today: spoken } = status;
  const when =
    next === null
      ? "Looks again when something changes."
      : next <= now
        ? "Looks now."
        : `Looks next: ${dayName(now, next)}, ${clock(next)}.`;
  return spoken === 0 ? when : `${when} Spoke up ${spoken === 1 ? "once" : `${spoken} times`} today.`;
}

/** `2 changes`; null: there was none. */
export const changesWords = ({ changes }: HeartbeatLook): string | null => (changes === 0 ? null : counted(changes, "change"));

/** How far apart two looks may be, minutes. */
export const PACES = [5, 15, 30, 60, 120, 240, 720, 1440];
/** Unprompted messages a day. */
export const DAILY = [0, 1, 2, 3, 5, 10, 20, 50];

/** The choices, with the one that is chosen among them. */
export const withChosen = (choices: readonly number[], chosen: number): number[] =>
  [...new Set([...choices, chosen])].toSorted((a, b) => a - b);

/** `22:00` as clocks are shown here. */
const shown = (time: string): string => {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return clock(new Date(2000, 0, 1, hour, minute).getTime());
};

/** When it says nothing. */
export function quietWords({ from, to }: { from: string; to: string }): string {
  if (from === "" || to === "") return "Both times are needed.";
  if (from === to) return "No quiet hours: it may speak up at any time.";
  return `Says nothing from ${shown(from)} to ${shown(to)}${from > to ? " of the next day" : ""}, in your time zone. What it finds then, it tells afterwards if it still matters.`;
}
