import { counted } from "../lib/format.ts";

/** What the API takes where nothing is chosen: a day. */
export const DEFAULT_MINUTES = 1440;

/** Times to choose from, from the shortest the API takes to the longest. */
export const TIMES = [5, 15, 60, 240, DEFAULT_MINUTES, 4320, 10_080];

/** Minutes as a person says them: `5 minutes`, `4 hours`, `1 day`. */
export function minutesText(minutes: number): string {
  if (minutes % 1440 === 0) return counted(minutes / 1440, "day");
  if (minutes % 60 === 0) return counted(minutes / 60, "hour");
  return counted(minutes, "minute");
}
