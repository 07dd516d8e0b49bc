import { abortAllDurableObjects } from "cloudflare:test";

/** Ends every object of this test file at once, as a crash or a deploy does: nothing of their memory is left, nothing of them runs on. */
export const crash = (): Promise<void> => abortAllDurableObjects();
