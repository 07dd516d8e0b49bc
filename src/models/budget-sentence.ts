/** Which cap a call would pass, in millionths of a US dollar. */
export interface CapRefusal {
  period: "day" | "month";
  cap: number;
  spent: number;
  /** Promised to calls that are under way. */
  reserved: number;
  /** The worst case of the call that was refused. */
  wanted: number;
  /** The user's IANA zone and month (`YYYY-MM`). */
  timeZone: string;
  month: string;
}

/** Says which limit is reached, what is left of it and when it renews. */
export function budgetSentence(refusal: CapRefusal): string {
  const { period, cap, spent, reserved, wanted } = refusal;
  const limit = `${period === "day" ? "Today's" : "This month's"} spending limit of ${dollars(cap)}`;
  const state =
    spent >= cap
      ? `${limit} is used up.`
      : `${limit} does not leave room for this: ${dollars(spent)} is spent${reserved > 0 ? `, ${dollars(reserved)} is set aside for work under way` : ""}, and the answer could cost up to ${dollars(wanted)}.`;
  const renews =
    period === "day"
      ? `It renews at midnight (${refusal.timeZone})`
      : `It renews on ${firstOfNextMonth(refusal.month)} (${refusal.timeZone})`;
  return `${state} ${renews}; the owner of this Margay can raise it.`;
}

function firstOfNextMonth(month: string): string {
  const next = new Date(`${month}-01T00:00:00Z`);
  next.setUTCMonth(next.getUTCMonth() + 1);
  return next.toLocaleDateString("en-US", { timeZone: "UTC", month: "long", day: "numeric", year: "numeric" });
}

/** Dollars with cents; less than a cent keeps two digits that say something. */
export function dollars(microUsd: number): string {
  const usd = microUsd / 1e6;
  return usd === 0 || usd >= 0.01 ? `$${usd.toFixed(2)}` : `$${usd.toPrecision(2)}`;
}
