/** A page gets so long to come to rest. */
const SETTLE_MS = 10_000;
const STEP_MS = 50;
const QUIET_STEPS = 4;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Until a page has been quiet for a moment, is of no interest any more, or had long enough. */
export async function settled(busy: () => boolean, ended: () => boolean, now: () => number): Promise<void> {
  const until = now() + SETTLE_MS;
  for (let quiet = 0; quiet < QUIET_STEPS && now() < until && !ended(); quiet = busy() ? 0 : quiet + 1) await pause(STEP_MS);
}
