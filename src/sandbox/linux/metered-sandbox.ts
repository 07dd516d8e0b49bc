import { MargayError } from "../../errors.ts";
import { bookUse } from "../../models/book-use.ts";
import type { Budget } from "../../models/budget.ts";
import { SLEEP_AFTER_MS, START_MS } from "./container-host.ts";
import type { LinuxSandbox } from "./linux-sandbox.ts";
import { userOfSession } from "./session-name.ts";

/**
 * What a container of `wrangler.sandbox.toml` costs while it is awake, as if none of it were included and its processor were always busy: half of one (20 millionths of a dollar a second for a whole one), 4 GiB of memory (2.5 each),
 * 8 GB of disk (0.07 each).
 */
export const CONTAINER_MICRO_USD_PER_MS = (0.5 * 20 + 4 * 2.5 + 8 * 0.07) / 1_000;

export interface Meter {
  /** Of the session, which has the container: `task:<id>`. */
  name: string;
  /** Until when the time of each container is booked. In memory only: after a restart some of it may be booked twice. */
  awake: Map<string, number>;
  budget: Budget;
  now(): number;
}

/** A container's Linux whose time awake is counted in the user's usage and against their caps: from its first use until it sleeps after the last one. */
export function meteredSandbox(sandbox: LinuxSandbox, { name, awake, budget, now }: Meter): LinuxSandbox {
  async function metered<T>(mostMs: number, work: () => Promise<T>): Promise<T> {
    const most = mostMs + SLEEP_AFTER_MS;
    const promised = budget.reserve(Math.ceil(most * CONTAINER_MICRO_USD_PER_MS));
    if (!promised.ok) throw new MargayError("budget_exceeded", promised.message);
    const began = now();
    try {
      return await work();
    } finally {
      const until = now() + SLEEP_AFTER_MS;
      // A clock that is set in the middle gives nothing back, and costs no more than this could have.
      const durationMs = Math.min(most, Math.max(0, until - Math.max(began, awake.get(name) ?? 0)));
      awake.set(name, until);
      bookUse(budget, {
        reservationId: promised.reservation.id,
        at: began,
        turnId: userOfSession(name),
        agent: "linux",
        model: "cloudflare/container",
        microUsd: Math.ceil(durationMs * CONTAINER_MICRO_USD_PER_MS),
        durationMs,
      });
    }
  }
  return {
    ...sandbox,
    // Files are moved between the two, within the time that these book.
    open: (signal) => metered(START_MS, () => sandbox.open(signal)),
    exec: (session, command, print, signal) => metered(command.timeoutMs, () => sandbox.exec(session, command, print, signal)),
  };
}
