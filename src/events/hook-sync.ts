import type { ListenerStore } from "../db/object/listeners.ts";
import { type Log, whereOf } from "../log.ts";
import type { HookDirectory } from "./hook-directory.ts";

interface HookSyncDeps {
  store: ListenerStore;
  directory: HookDirectory;
  log: Log;
  /** UTC milliseconds. */
  now(): number;
}

const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;

/** Tells the directory which addresses there are, as often as it takes. */
export class HookSync {
  constructor(private readonly deps: HookSyncDeps) {}

  /** What is due, or (`all`) everything that is left. Never throws. */
  async flush(all = false): Promise<void> {
    const { store, directory, log, now } = this.deps;
    for (const one of store.hookOps().filter(({ nextAt }) => all || nextAt <= now())) {
      try {
        await (one.op === "put" ? directory.put(one.hookId) : directory.drop(one.hookId));
        store.hookDone(one);
      } catch (error) {
        log("hook_not_told", { error: whereOf(error) }, "warn");
        store.hookFailed(one, now() + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(one.tries, 10)));
      }
    }
  }

  /** null: nothing is left. */
  next(): number | null {
    return this.deps.store.hookOps()[0]?.nextAt ?? null;
  }
}
