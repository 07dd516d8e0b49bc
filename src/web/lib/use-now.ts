import { useSyncExternalStore } from "react";

/** One clock for the whole page: words such as "today" change by themselves when they are no longer true. */
const EVERY = 30_000;

let now = Date.now();

function subscribe(changed: () => void): () => void {
  now = Date.now();
  const timer = setInterval(() => {
    now = Date.now();
    changed();
  }, EVERY);
  return () => clearInterval(timer);
}

/** UTC milliseconds, at most half a minute old. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);
