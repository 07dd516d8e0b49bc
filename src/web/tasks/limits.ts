import type { ProfileView } from "../api/tasks.ts";

export type Limits = ProfileView["limits"];

/** Limits as they are typed: each a number in words of people, empty for as usual. */
export interface TypedLimits {
  steps: string;
  tokens: string;
  usd: string;
  minutes: string;
}

export const typedLimits = (limits: Limits | undefined): TypedLimits => ({
  steps: limits === undefined ? "" : String(limits.steps),
  tokens: limits === undefined ? "" : String(limits.tokens),
  usd: limits === undefined ? "" : String(limits.micro_usd / 1_000_000),
  minutes: limits === undefined ? "" : String(limits.minutes),
});

/** What was typed; what is empty or no number is left out. */
export function limitsOf({ steps, tokens, usd, minutes }: TypedLimits): Partial<Limits> {
  const limits: Partial<Limits> = {};
  const set = (name: keyof Limits, text: string, times = 1) => {
    const value = Number(text.trim().replace(",", "."));
    if (text.trim() !== "" && Number.isFinite(value)) limits[name] = Math.round(value * times);
  };
  set("steps", steps);
  set("tokens", tokens);
  set("micro_usd", usd, 1_000_000);
  set("minutes", minutes);
  return limits;
}
