import { dollars } from "../dollars.ts";

/** Which cap a call would pass, in millionths of a US dollar. */
export interface CapRefusal {
  period: "day" | "month";
  cap: number;
  spent: number;
  /** Promised to calls that are under way. */
  reserved: number;
  /** The worst case of the call that was refused. */
  wanted: number;
  /** The user's IANA zone. */
  timeZone: string;
  /** UTC milliseconds. */
  now: number;
}

/** Says which limit is reached, what is left of it and when it renews: at the next UTC midnight, as the user's clock shows it. */
export function budgetSentence(refusal: CapRefusal): string {
  const { period, cap, spent, reserved, wanted } = refusal;
  const limit = `${period === "day" ? "Today's" : "This month's"} spending limit of ${dollars(cap)}`;
  const state =
    spent >= cap
      ? `${limit} is used up.`
      : `${limit} does not leave room for this: ${dollars(spent)} is spent${reserved > 0 ? `, ${dollars(reserved)} is set aside for work under way` : ""}, and the answer could cost up to ${dollars(wanted)}.`;
  return `${state} It renews on ${shown(renewal(period, refusal.now), refusal.timeZone)}; the owner of this Margay can raise it.`;
}

/** The end of the UTC day or month, UTC milliseconds. */
function renewal(period: "day" | "month", now: number): number {
  const at = new Date(now);
  return period === "day"
    ? Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 1)
    : Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
}

/** `November 22 at 01:00 (Europe/Berlin)`. */
function shown(at: number, timeZone: string): string {
  const day = new Intl.DateTimeFormat("en-US", { timeZone, month: "long", day: "numeric" }).format(at);
  const time = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
  return `${day} at ${time} (${timeZone})`;
}
