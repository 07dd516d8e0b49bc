import { MargayError } from "../../errors.ts";
import { bookUse } from "../../models/book-use.ts";
import type { Budget } from "../../models/budget.ts";
import { sleepAfterMs, START_MS } from "./container-host.ts";
import type { LinuxSandbox } from "./linux-sandbox.ts";
import { taskOfSession, userOfSession } from "./session-name.ts";

/**
 * What a container of `wrangler.sandbox.toml` costs while it is awake, as if none of it were included and its processor were always busy: half of one (20 millionths of a dollar a second for a whole one), 4 GiB of memory (2.5 each),
 * 8 GB of disk (0.07 each).
 */
export const CONTAINER_MICRO_USD_PER_MS = (0.5 * 20 + 4 * 2.5 + 8 * 0.07) / 1_000;

export interface Meter {
  /** Of the session, which has the container: `task:<id>`. */
  name: string;
  /** Until when the time of each container is booked. In memory only: after a restart it is known by `usedAt`. */
  awake: Map<string, number>;
  /** When the session was used last; null: there is none yet. */
  usedAt: number | null;
  budget: Budget;
  now(): number;
}

/**
 * A container's Linux whose time awake is counted in the user's usage and against their caps: from its first use until it ends or sleeps. A task's container ends with the task: what it was awake between uses is booked with the
 * next one, or with its end. Of any other, the time until it sleeps is booked ahead.
 */
export function meteredSandbox(sandbox: LinuxSandbox, { name, awake, usedAt, budget, now }: Meter): LinuxSandbox {
  const sleep = sleepAfterMs(name);
  const ahead = taskOfSession(name) === null ? sleep : 0;
  const bookedUntil = (): number | null => awake.get(name) ?? (usedAt === null ? null : usedAt + ahead);
  /** Awake and not booked yet, before a moment: it slept after that. */
  const idle = (at: number): number => Math.min(sleep - ahead, Math.max(0, at - (bookedUntil() ?? at)));

  function book(at: number, durationMs: number, reservationId: string | null): void {
    bookUse(budget, {
      reservationId,
      at,
      turnId: userOfSession(name),
      agent: "linux",
      model: "cloudflare/container",
      microUsd: Math.ceil(durationMs * CONTAINER_MICRO_USD_PER_MS),
      durationMs,
    });
  }

  async function metered<T>(mostMs: number, work: () => Promise<T>): Promise<T> {
    const most = mostMs + sleep;
    const promised = budget.reserve(Math.ceil(most * CONTAINER_MICRO_USD_PER_MS));
    if (!promised.ok) throw new MargayError("budget_exceeded", promised.message);
    const began = now();
    try {
      return await work();
    } finally {
      const until = now() + ahead;
      // A clock that is set in the middle gives nothing back, and costs no more than this could have.
      const durationMs = Math.min(most, idle(began) + Math.max(0, until - Math.max(began, bookedUntil() ?? 0)));
      awake.set(name, until);
      book(began, durationMs, promised.reservation.id);
    }
  }
  return {
    ...sandbox,
    async close(session) {
      const unbooked = idle(now());
      // Any other stays awake, for which it is booked.
      if (taskOfSession(name) !== null) awake.delete(name);
      if (unbooked > 0) book(now(), unbooked, null);
      await sandbox.close(session);
    },
    // Files are moved between the two, within the time that these book.
    open: (signal) => metered(START_MS, () => sandbox.open(signal)),
    exec: (session, command, print, signal) => metered(command.timeoutMs, () => sandbox.exec(session, command, print, signal)),
  };
}
