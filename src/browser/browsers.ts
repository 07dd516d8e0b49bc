import type { BrowserRow } from "../db/object/browser.ts";
import { MargayError, withNext } from "../errors.ts";
import type { Log } from "../log.ts";
import { bookUse } from "../models/book-use.ts";
import type { Budget } from "../models/budget.ts";
import { userOfSession } from "../sandbox/linux/session-name.ts";
import { BrowserSession, type SessionDeps } from "./browser-session.ts";
import type { BrowserHost } from "./cdp.ts";
import type { Proposal } from "./proposal.ts";

export const LIMITS = {
  /** Browsers at once. */
  sessions: 2,
  /** Of one session. */
  sessionMs: 30 * 60_000,
  /** Until one that is not used is closed; what a person is asked about stays for `waitMs`. */
  idleMs: 5 * 60_000,
  waitMs: 25 * 60_000,
  /** Of all sessions in 24 hours. */
  dayMs: 120 * 60_000,
};
/** Between two looks, and signs of life. */
const LOOK_MS = 30_000;
const DAY_MS = 24 * 3_600_000;
/** Browser Rendering: 0.09 dollars an hour, in millionths of a dollar a millisecond. */
const MICRO_USD_PER_MS = 90_000 / 3_600_000;

export interface BrowsersDeps extends SessionDeps {
  /** null: no browser is set up. */
  host: BrowserHost | null;
  store: {
    begin(row: Omit<BrowserRow, "usedAt">): void;
    used(id: string, at: number): void;
    end(id: string, at: number): void;
    open(): BrowserRow[];
    openSince(since: number, now: number): number;
  };
  /** null: nobody sends a bill. */
  budget: Budget | null;
  /** Whether who used a session has ended. */
  over(name: string): boolean;
  /** Whether it waits for a person, whatever they were asked. */
  waits(name: string): boolean;
  /** Wakes the object for {@link Browsers.look}, durably. */
  wakeAt(time: number): void;
  log: Log;
}

interface Live {
  id: string;
  browser: string;
  name: string;
  session: BrowserSession;
  openedAt: number;
  usedAt: number;
  reservation: string | null;
}

/** The browser sessions of one user: one a task or conversation, begun when first needed, closed when its task ends, when nobody uses it and at its limits. */
export class Browsers {
  readonly #live = new Map<string, Live>();
  readonly #starting = new Map<string, Promise<Live>>();
  /** Names whose session was lost since they used it last. */
  readonly #lost = new Set<string>();
  #lastProposal = 0;

  constructor(private readonly deps: BrowsersDeps) {}

  /** The session of a task or conversation; `begin`: a new one where there is none. Throws why there is none. */
  async session(name: string, begin: boolean): Promise<BrowserSession> {
    const { store, now } = this.deps;
    let live = this.#live.get(name);
    if (live?.session.closed) {
      await this.#close(live);
      this.#lost.add(name);
      live = undefined;
    }
    if (live === undefined) {
      const lost = this.#lost.delete(name) || store.open().some((row) => row.name === name);
      if (!begin)
        throw new MargayError(
          "gone",
          lost ? "The browser was closed meanwhile: what was typed and who was signed in is gone." : "No page is open.",
          withNext(lost ? "Open the page again with browser_open." : "Open one with browser_open."),
        );
      live = await this.#begin(name);
    }
    live.usedAt = now();
    store.used(live.id, live.usedAt);
    return live.session;
  }

  /** The session of a task or conversation as it is, without using it; null: there is none. */
  open(name: string): BrowserSession | null {
    return this.#live.get(name)?.session ?? null;
  }

  /** What would be sent, by its id, whoever's it is. */
  proposal(id: string): Proposal | null {
    for (const { session } of this.#live.values()) {
      const found = session.proposal(id);
      if (found !== null) return found;
    }
    return null;
  }

  /** Ends the session of a task or conversation, if it has one. */
  async end(name: string): Promise<void> {
    const live = this.#live.get(name);
    if (live) await this.#close(live);
  }

  /** Closes what is over, not used, or at its limit; gives the others a sign of life. Wakes itself again while there are any. */
  async look(): Promise<void> {
    const { store, host, now, over, waits, wakeAt, log } = this.deps;
    for (const live of this.#live.values()) {
      const age = now() - live.openedAt;
      const idle = now() - live.usedAt;
      const mostIdle = live.session.waits || waits(live.name) ? LIMITS.waitMs : LIMITS.idleMs;
      if (live.session.closed || over(live.name) || age > LIMITS.sessionMs || idle > mostIdle) await this.#close(live);
      else await live.session.ping().catch(() => this.#close(live));
    }
    // What a crash left behind.
    for (const row of store.open()) {
      if ([...this.#live.values()].some(({ id }) => id === row.id) || this.#starting.size > 0) continue;
      store.end(row.id, endOf(row, now()));
      this.#lost.add(row.name);
      await host?.end(row.browser).catch(() => log("browser_not_ended", {}, "warn"));
    }
    if (this.#live.size > 0) wakeAt(now() + LOOK_MS);
  }

  #begin(name: string): Promise<Live> {
    const known = this.#starting.get(name);
    if (known) return known;
    const starting = this.#launch(name).finally(() => this.#starting.delete(name));
    this.#starting.set(name, starting);
    return starting;
  }

  async #launch(name: string): Promise<Live> {
    const { host, store, budget, now, newId, wakeAt } = this.deps;
    if (host === null)
      throw new MargayError(
        "not_configured",
        "No browser is set up here: this Margay was deployed without the BROWSER binding.",
        withNext("Web pages can be read with web_fetch."),
      );
    await this.look();
    if (this.#live.size + this.#starting.size > LIMITS.sessions)
      throw new MargayError("rate_limited", `${LIMITS.sessions} browsers are open already. Wait until a task that uses one has ended.`);
    const left = LIMITS.dayMs - store.openSince(now() - DAY_MS, now());
    if (left <= 0)
      throw new MargayError(
        "rate_limited",
        `Browsers were open for ${LIMITS.dayMs / 60_000} minutes within 24 hours, which is the most. Try again later.`,
      );
    const reserved = budget?.reserve(LIMITS.sessionMs * MICRO_USD_PER_MS);
    if (reserved?.ok === false) throw new MargayError("budget_exceeded", reserved.message);
    const reservation = reserved?.ok ? reserved.reservation.id : null;
    const openedAt = now();
    const launched = await host.launch().catch((error: unknown) => {
      this.#bill({ name, reservation, openedAt }, openedAt);
      throw error;
    });
    const session = new BrowserSession(launched.socket, { ...this.deps, nextProposal: () => ++this.#lastProposal });
    const live = { id: newId(), browser: launched.id, name, session, openedAt, usedAt: openedAt, reservation };
    store.begin(live);
    this.#live.set(name, live);
    wakeAt(now() + LOOK_MS);
    try {
      await session.start();
    } catch (error) {
      await this.#close(live);
      throw error;
    }
    return live;
  }

  async #close(live: Live): Promise<void> {
    const { host, store, now, log } = this.deps;
    if (this.#live.get(live.name) !== live) return;
    this.#live.delete(live.name);
    const endedAt = endOf(live, now());
    store.end(live.id, endedAt);
    this.#bill(live, endedAt);
    await live.session.close();
    await host?.end(live.browser).catch(() => log("browser_not_ended", {}, "warn"));
  }

  #bill({ name, reservation, openedAt }: Pick<Live, "name" | "reservation" | "openedAt">, endedAt: number): void {
    const { budget } = this.deps;
    if (reservation === null || budget === null) return;
    const durationMs = endedAt - openedAt;
    bookUse(budget, {
      reservationId: reservation,
      at: openedAt,
      turnId: userOfSession(name),
      agent: "browser",
      model: "cloudflare/browser-rendering",
      microUsd: durationMs * MICRO_USD_PER_MS,
      durationMs,
    });
  }
}

/** When a session was over that is found over now: it may have been long ago, on a machine that slept or was off, or the clock may have been set. It counts for no less than nothing and no longer than one can last. */
const endOf = ({ openedAt }: Pick<Live, "openedAt">, now: number): number =>
  Math.min(Math.max(now, openedAt), openedAt + LIMITS.sessionMs + LOOK_MS);
