import type { Occasions } from "../agent/occasions.ts";
import type { NewAuditEntry } from "../db/object/audit.ts";
import type { Egress } from "../egress/client.ts";
import type { EgressAnswer, EgressResult } from "../egress/egress-result.ts";
import { type Log, whereOf } from "../log.ts";
import { markOf, type StoredListener } from "./listener.ts";
import { type RecordDeps, recordEvents, unseen } from "./record.ts";
import { isPolled, type PolledSource } from "./shapes.ts";
import type { Robots } from "./robots/robots.ts";
import { readFeed } from "./sources/feed.ts";
import { readPage } from "./sources/page.ts";
import type { ReadResult } from "./sources/read-result.ts";

export interface PollingDeps extends RecordDeps {
  egress: Pick<Egress, "get">;
  robots: Pick<Robots, "judge">;
  occasions(): Pick<Occasions, "begin" | "tell" | "go" | "home">;
  scrub(texts: readonly string[]): Promise<string[]>;
  audit(entry: NewAuditEntry): void;
  transaction<T>(work: () => T): T;
  /** From 0 up to 1. */
  random(): number;
  log: Log;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_BYTES = 2_000_000;
const TIMEOUT_MS = 20_000;
/** New entries of one look that become events; of more, the newest. */
const MAX_NEW = 50;
/** Failures in a row after which the user hears of it, and after which it is paused. */
export const TOLD_AFTER = 5;
export const PAUSED_AFTER = 10;

/** What a look came to, beside its events. */
type Look =
  | ({ kind: "read"; result: Extract<ReadResult, { ok: true }> } & Pick<StoredListener, "etag" | "lastModified" | "answeredBy">)
  | { kind: "same" }
  /** `waitMs`: what the server asked for; null: nothing. `gone`: it says that it will not come back, or does not want us to. */
  | { kind: "failed"; why: string; waitMs: number | null; gone: boolean };

/**
 * Looks at feeds and pages, politely (RFC 9110: conditional requests, `Retry-After`; RFC 9309: robots.txt): never more often than asked for, later when the server asks for that or fails. What a look finds and how far it read are written in one
 * transaction, so an end in the middle only looks again.
 */
export class Polling {
  constructor(private readonly deps: PollingDeps) {}

  /** Looks at everything that is due, one after the other. Gives whether the user was told something. */
  async pollDue(): Promise<boolean> {
    let told = false;
    let fault: { error: unknown } | null = null;
    for (const listener of this.deps.store.duePolls(this.deps.now())) {
      const look = await this.#look(listener).catch((error: unknown): Look => {
        this.deps.log("poll_failed", { error: whereOf(error) }, "error");
        return { kind: "failed", why: "It could not be read.", waitMs: null, gone: false };
      });
      try {
        told = this.#settle(listener, look) || told;
      } catch (error) {
        // The others go on.
        fault = { error };
      }
    }
    if (fault !== null) throw fault.error;
    return told;
  }

  async #look(listener: StoredListener): Promise<Look> {
    const { source, etag, lastModified } = listener;
    if (!isPolled(source)) return { kind: "same" };
    const may = await this.deps.robots.judge(source.url);
    if (may.kind !== "yes") return { kind: "failed", why: may.why, waitMs: null, gone: may.kind === "no" };
    const ask = (conditions: Readonly<Record<string, string>>): Promise<EgressResult> =>
      this.deps.egress.get(source.url, {
        headers: { accept: ACCEPT[source.kind], ...conditions },
        maxBytes: MAX_BYTES,
        timeoutMs: TIMEOUT_MS,
      });
    let result = await ask({
      ...(etag === null ? {} : { "if-none-match": etag }),
      ...(lastModified === null ? {} : { "if-modified-since": lastModified }),
    });
    if (result.ok && result.status === 304) {
      if (result.url === (listener.answeredBy ?? result.hops[0])) return { kind: "same" };
      // It leads elsewhere now, and what is there was asked about by the mark of another page.
      result = await ask({});
    }
    const failed = failureOf(result, this.deps.now());
    if (failed !== null || !result.ok) return failed ?? { kind: "same" };
    const read = await this.#read(listener, source, result);
    if (!read.ok) return { kind: "failed", why: read.why, waitMs: null, gone: false };
    return {
      kind: "read",
      result: read,
      etag: headerOf(result, "etag"),
      lastModified: headerOf(result, "last-modified"),
      answeredBy: result.url,
    };
  }

  async #read({ snapshot }: StoredListener, source: PolledSource, answer: EgressAnswer): Promise<ReadResult> {
    const read =
      source.kind === "feed"
        ? await readFeed(answer, snapshot)
        : readPage(answer, { contains: source.contains, snapshot, now: this.deps.now() });
    if (!read.ok) return read;
    const scrubbed = await this.deps.scrub(read.events.flatMap(({ title, content }) => [title, content]));
    return {
      ...read,
      events: read.events.map((event, index) => ({ ...event, title: scrubbed[index * 2] ?? "", content: scrubbed[index * 2 + 1] ?? "" })),
    };
  }

  #settle(looked: StoredListener, look: Look): boolean {
    const { store, events, transaction, now } = this.deps;
    return transaction(() => {
      const listener = store.get(looked.id);
      // Changed, paused or deleted while it was looked at: what was found is of another time.
      if (!listener || listener.status === "paused" || JSON.stringify(listener.source) !== JSON.stringify(looked.source)) return false;
      if (look.kind === "failed") return this.#failed(listener, look);
      store.update(listener.id, {
        polledAt: now(),
        pollOkAt: now(),
        pollFailures: 0,
        pollError: null,
        nextPollAt: now() + this.#wait(listener, 1),
        ...(look.kind === "read"
          ? { etag: look.etag, lastModified: look.lastModified, answeredBy: look.answeredBy, snapshot: look.result.snapshot }
          : {}),
      });
      if (look.kind === "same") return false;
      unseen(
        this.deps,
        listener.id,
        look.result.known.map((key) => ({ key, bytesKey: null, repeatMs: null, title: "", fields: {}, content: "", nothing: null })),
      );
      const fresh = unseen(this.deps, listener.id, look.result.events);
      const skipped = fresh.length - MAX_NEW;
      if (skipped > 0)
        events.add(listener.id, {
          at: now(),
          outcome: "throttled",
          why: `${fresh.length} came at once: only the newest ${MAX_NEW} count.`,
          title: `${skipped} older entries`,
          content: "",
          dueAt: null,
        });
      recordEvents(this.deps, listener, fresh.slice(-MAX_NEW));
      return false;
    });
  }

  /** Part of the caller's transaction. */
  #failed(listener: StoredListener, { why, waitMs, gone }: Extract<Look, { kind: "failed" }>): boolean {
    const { store, audit, now } = this.deps;
    const failures = listener.pollFailures + 1;
    const ends = gone || failures >= PAUSED_AFTER;
    const wait = Math.max(waitMs ?? 0, Math.min(DAY_MS, this.#wait(listener, 2 ** Math.min(failures - 1, 8))));
    store.update(listener.id, {
      polledAt: now(),
      pollFailures: failures,
      pollError: why,
      nextPollAt: now() + wait,
      ...(ends
        ? {
            status: "paused" as const,
            pausedBecause: `It could not be read ${failures === 1 ? "" : `${failures} times in a row`}: ${why}`.replace("  ", " "),
            updatedAt: now(),
          }
        : {}),
    });
    if (ends)
      audit({
        kind: "listener",
        event: "paused",
        actor: "system",
        subject: listener.id,
        tainted: true,
        summary: `Paused ${markOf(listener)}: it cannot be read`,
      });
    // One that never could be read may have a wrong address: who made it is still there.
    const first = failures === 1 && listener.pollOkAt === null;
    if (!ends && failures !== TOLD_AFTER && !first) return false;
    const occasions = this.deps.occasions();
    const { number, title } = listener;
    occasions.tell({
      route: "event",
      key: `${listener.id}:unread:${now()}`,
      text: `Listener ${number}, “${title}”, cannot be read${failures > 1 ? `, ${failures} times in a row` : ""}. ${ends ? "I paused it." : "I go on trying, more and more seldom."}\n\n> ${why}`,
      // What a server says may be part of the reason.
      tainted: true,
      replyTo: listener.replyTo ?? occasions.home(),
    });
    return true;
  }

  /** Milliseconds to the next look: the listener's own minutes as often as `times`, and up to a tenth more. */
  #wait({ source }: StoredListener, times: number): number {
    const minutes = isPolled(source) ? source.minutes : 60;
    return Math.round(minutes * MINUTE_MS * times * (1 + this.deps.random() / 10));
  }
}

const ACCEPT: Readonly<Record<PolledSource["kind"], string>> = {
  feed: "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
  page: "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1",
};

function failureOf(result: EgressResult, now: number): Extract<Look, { kind: "failed" }> | null {
  if (!result.ok) return { kind: "failed", why: result.message.slice(0, 300), waitMs: null, gone: false };
  const { status } = result;
  if (status >= 200 && status < 300) return null;
  const waitMs = status === 429 || status === 503 ? retryAfter(headerOf(result, "retry-after"), now) : null;
  return {
    kind: "failed",
    why: status === 410 ? "The server says that it is gone for good (status 410)." : `The server answered with status ${status}.`,
    waitMs,
    gone: status === 410,
  };
}

/** Milliseconds, at most a week: seconds or a date (RFC 9110, 10.2.3). null: neither. */
function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  const ms = /^\s*\d{1,9}\s*$/u.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 7 * DAY_MS) : null;
}

const headerOf = ({ headers }: EgressAnswer, name: "etag" | "last-modified" | "retry-after"): string | null =>
  headers[name]?.slice(0, 500) ?? null;
