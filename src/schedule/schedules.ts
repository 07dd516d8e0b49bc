import type { Occasions } from "../agent/occasions.ts";
import { isTimeZone } from "../dates/zone.ts";
import type { ReplyTarget } from "../channels/message.ts";
import type { NewAuditEntry } from "../db/object/audit.ts";
import type { ScheduleStore } from "../db/object/schedules.ts";
import { quotedLines } from "../agent/quoted-lines.ts";
import { MargayError } from "../errors.ts";
import type { PlaybookCheck } from "../plans/playbook-starter.ts";
import { nextAfter } from "./next.ts";
import { MAX_SCHEDULES, type Missed, type ScheduleAction, type SchedulePatch, type ScheduleRun } from "./shapes.ts";
import { type StoredSchedule, wordsOf } from "./stored-schedule.ts";
import { shortened, type Understood, understandWhen } from "./understand-when.ts";

export interface SchedulesDeps {
  store: ScheduleStore;
  runner: { runNow(schedule: StoredSchedule, key?: string): ScheduleRun };
  /** Whether there is a profile of that name. */
  hasProfile(name: string): boolean;
  playbooks: PlaybookCheck;
  transaction<T>(work: () => T): T;
  audit(entry: NewAuditEntry): void;
  /** The times are other than they were: the next wake is planned anew. */
  planned(): void;
  /** Something was begun or told. */
  ran(): void;
  occasions(): Pick<Occasions, "tell" | "home">;
  /** The user's IANA zone. */
  timeZone(): string;
  /** UTC milliseconds. */
  now(): number;
  newId(): string;
}

/** Who makes or changes a schedule, and in what. */
export interface ScheduleBy {
  author: "user" | "agent";
  channel: string;
  /** When it was said, UTC milliseconds; absent: now. */
  saidAt?: number;
  /** Written where content from outside was read. */
  tainted?: boolean;
}

export interface NewSchedule {
  when: string;
  /** A function: what is left of `when` without its time says what it is to do. */
  action: ScheduleAction | ((rest: string) => ScheduleAction);
  title?: string | undefined;
  missed: Missed;
  time_zone: string | null;
  built_in?: string;
  /** Where it is told; null: where the user reads what nobody asked for. */
  reply_to: ReplyTarget | null;
  /** Makes it once: the same again gives the first one's schedule. */
  key?: string;
}

/** So soon after its last run, and so often an hour, none is run because a model asks for it. */
const ASKED_AGAIN_MS = 60_000;
const MAX_ASKED = 5;

/** The user's schedules: made, changed, paused, taken back. Refusals are `MargayError`s with a sentence that asks back or says what would help. */
export class Schedules {
  constructor(private readonly deps: SchedulesDeps) {}

  get(id: string): StoredSchedule {
    const found = this.deps.store.get(id);
    if (found === null) throw new MargayError("not_found", "There is no such schedule.");
    return found;
  }

  /** The one meant by its number, an id or its first 6 characters or more, or words of its title. */
  find(reference: string): StoredSchedule {
    const wanted = reference.trim().replace(/^(?:(?:schedule|reminder)\s+)?(?:#|no\.?\s|number\s)?\s*/iu, "");
    const { store } = this.deps;
    const exact = store.get(wanted) ?? (/^\d{1,9}$/.test(wanted) ? store.numbered(Number(wanted)) : null);
    if (exact !== null) return exact;
    if (/^\d{1,5}$/.test(wanted)) throw new MargayError("not_found", `There is no schedule number ${wanted}. /schedule shows them.`);
    const byId = /^[0-9a-f-]{6,36}$/iu.test(wanted) ? store.prefixed(wanted.toLowerCase(), 6) : [];
    const found = byId.length > 0 ? byId : matching(store.list({ state: "current", limit: 400 }), wanted);
    const [first, second] = found;
    if (first === undefined) throw new MargayError("not_found", `No schedule matches “${shortened(wanted)}”. /schedule shows them.`);
    if (second === undefined) return first;
    throw new MargayError(
      "conflict",
      `${found.length} schedules match “${shortened(wanted)}”: ${found
        .slice(0, 5)
        .map(({ number, title }) => `${number} “${shortened(title, 40)}”`)
        .join(", ")}${found.length > 5 ? " and more" : ""}. Which one?`,
    );
  }

  add(input: NewSchedule, by: ScheduleBy): StoredSchedule {
    const { deps } = this;
    const known = input.key === undefined ? null : deps.store.ofCall(input.key);
    if (known !== null) return known;
    const { time_zone } = input;
    const timeZone = this.#zone(time_zone);
    const { spec, first, rest } = this.#understood(input.when, timeZone, by, typeof input.action !== "function");
    const action = typeof input.action === "function" ? input.action(rest.trim()) : input.action;
    this.#checkProfile(action);
    const now = deps.now();
    // What content from outside asked for does nothing until the user says so; a reminder is only told.
    const held = by.author === "agent" && by.tainted === true && action.kind !== "text";
    return deps.transaction(() => {
      this.#checkRoom();
      const made = deps.store.insert(
        {
          id: deps.newId(),
          title: input.title ?? titleOf(action),
          spec,
          said: input.when,
          action,
          status: held ? "paused" : "active",
          missed: input.missed,
          time_zone,
          next_at: held ? null : first,
          planned_zone: timeZone,
          last_at: null,
          last_outcome: null,
          last_error: null,
          runs: 0,
          failures: 0,
          author: by.author,
          tainted: by.tainted ?? false,
          built_in: input.built_in ?? null,
          reply_to: input.reply_to,
          created_at: now,
          updated_at: now,
        },
        input.key ?? null,
      );
      this.#changed("created", made, by);
      if (held) this.#tellHeld(made, "made");
      return made;
    });
  }

  update(id: string, patch: SchedulePatch, by: ScheduleBy): StoredSchedule {
    const { deps } = this;
    const before = this.get(id);
    const after: StoredSchedule = { ...before, updated_at: this.#later(before) };
    if (patch.title !== undefined) after.title = patch.title;
    if (patch.missed !== undefined) after.missed = patch.missed;
    if (patch.action !== undefined) {
      this.#checkProfile(patch.action);
      after.action = patch.action;
      if (patch.title === undefined && before.title === titleOf(before.action)) after.title = titleOf(patch.action);
    }
    if (patch.action !== undefined && wordsOf(patch.action) !== wordsOf(before.action)) {
      // Words that somebody put in the place of others are theirs; what content from outside had a part in becomes clean only by words that the user typed.
      after.author = by.author;
      after.tainted = (by.tainted ?? false) || (by.author === "agent" && before.tainted);
    } else if (by.tainted && Object.keys(patch).some((field) => field !== "status")) after.tainted = true;
    if (patch.time_zone !== undefined) after.time_zone = patch.time_zone;
    const timeZone = this.#zone(after.time_zone);
    if (patch.when !== undefined) {
      const { spec, first } = this.#understood(patch.when, timeZone, by);
      Object.assign(after, { spec, said: patch.when, next_at: first, planned_zone: timeZone });
      if (before.status === "ended") after.status = "active";
    }
    if (patch.status !== undefined) after.status = patch.status;
    const held = this.#held(before, after, patch, by);
    if (held) after.status = "paused";
    this.#plan(after, before, timeZone, patch.when !== undefined);
    return deps.transaction(() => {
      if (before.status === "ended" && after.status !== "ended") this.#checkRoom();
      deps.store.write(after);
      const event = before.status === after.status ? "changed" : after.status === "paused" ? "paused" : "resumed";
      this.#changed(event, after, by);
      if (held) this.#tellHeld(after, "changed");
      return after;
    });
  }

  /** Whether a change by the agent leaves it to the user to switch it on: content from outside had a part in what it would do, or when. `forbidden` where the change is to switch it on. */
  #held(before: StoredSchedule, after: StoredSchedule, patch: SchedulePatch, by: ScheduleBy): boolean {
    if (by.author === "user" || after.action.kind === "text" || after.status !== "active") return false;
    if (!after.tainted && !by.tainted) return false;
    if (before.status === "paused")
      throw new MargayError(
        "forbidden",
        `Only the user can switch schedule ${after.number} on, with \`/schedule resume ${after.number}\` or on the page of schedules: content from outside had a part in it.`,
      );
    return before.status === "ended" || (by.tainted === true && (patch.action !== undefined || patch.when !== undefined));
  }

  /** The user hears of it from Margay, not from the model that was told to do it. Delivered with the turn that it was done in. Part of the caller's transaction. */
  #tellHeld({ id, number, title, reply_to, updated_at }: StoredSchedule, what: "made" | "changed"): void {
    const occasions = this.deps.occasions();
    occasions.tell({
      route: "schedule",
      key: `${id}:held:${updated_at}`,
      text: `While I was reading content from outside I ${what} schedule ${number}:\n${quotedLines(shortened(title))}\nIt does nothing until you switch it on, with \`/schedule resume ${number}\` or on the page of schedules. If you did not ask for it, delete it.`,
      tainted: true,
      replyTo: reply_to ?? occasions.home(),
    });
  }

  delete(id: string, by: ScheduleBy): StoredSchedule {
    const { deps } = this;
    const before = this.get(id);
    deps.transaction(() => {
      deps.store.delete(id, deps.now());
      this.#changed("deleted", before, by);
    });
    return before;
  }

  /** Puts one back as somebody had it, also a deleted one. That it ran since stays so. */
  restore(before: StoredSchedule, by: ScheduleBy): StoredSchedule {
    const { deps } = this;
    const live = deps.store.get(before.id);
    const { last_at, last_outcome, last_error, runs, failures } = live ?? before;
    const after: StoredSchedule = { ...before, last_at, last_outcome, last_error, runs, failures, updated_at: this.#later(live ?? before) };
    const timeZone = this.#zone(after.time_zone);
    if (after.status === "active") {
      const { spec } = after;
      // What is due a single time and did not run is made up for.
      after.next_at =
        spec.kind === "once" ? (deps.store.hasRun(after.id, spec.at) ? null : spec.at) : nextAfter(spec, deps.now(), timeZone);
      after.planned_zone = timeZone;
      if (after.next_at === null) after.status = "ended";
    }
    return deps.transaction(() => {
      if (after.status !== "ended" && (live === null || live.status === "ended")) this.#checkRoom();
      deps.store.write(after);
      this.#changed("restored", after, by);
      return after;
    });
  }

  /** Now, beside its times; with a key once for that key. */
  run(id: string, by: ScheduleBy, key?: string): ScheduleRun {
    const schedule = this.get(id);
    this.#audit("asked", schedule, by);
    const run = this.deps.runner.runNow(schedule, key);
    this.deps.ran();
    return run;
  }

  /** Refuses what a model would have run again and again, as a schedule whose prompt asks for just that. */
  checkAsked(id: string): void {
    const { store, now } = this.deps;
    const { number, last_at } = this.get(id);
    if (last_at !== null && now() - last_at < ASKED_AGAIN_MS)
      throw new MargayError("conflict", `Schedule ${number} ran less than a minute ago, so I do not run it again now.`);
    if (store.manualSince(now() - 3_600_000) >= MAX_ASKED)
      throw new MargayError(
        "conflict",
        `I ran ${MAX_ASKED} schedules by hand within an hour already. \`/schedule run ${number}\` runs it.`,
      );
  }

  /** `next_at` as status and times are now. */
  #plan(after: StoredSchedule, before: StoredSchedule, timeZone: string, newTime: boolean): void {
    if (after.status !== "active") {
      after.next_at = null;
      return;
    }
    // Whoever starts it again has seen that it failed.
    if (before.status !== "active") after.failures = 0;
    if (newTime) return;
    if (before.status === "active" && timeZone === before.planned_zone) return;
    after.next_at = nextAfter(after.spec, this.deps.now(), timeZone);
    after.planned_zone = timeZone;
    if (after.next_at === null)
      throw new MargayError("conflict", `Its time is over, so schedule ${after.number} cannot be resumed. Give it a new time.`);
  }

  #understood(when: string, timeZone: string, { saidAt }: ScheduleBy, alone = true): Extract<Understood, { ok: true }> {
    const now = this.deps.now();
    const understood = understandWhen(when, { saidAt: saidAt ?? now, now, timeZone });
    if (!understood.ok) throw new MargayError("invalid_request", understood.question, { ask: true });
    // What is left over may be half of what was meant: "except on Sundays".
    if (alone && understood.rest.trim() !== "")
      throw new MargayError(
        "invalid_request",
        `I do not understand “${shortened(understood.rest)}” in “${shortened(when)}” as a time. Can you say it another way?`,
        { ask: true },
      );
    return understood;
  }

  #zone(own: string | null): string {
    if (own !== null && !isTimeZone(own))
      throw new MargayError("invalid_request", `"${own}" is not an IANA time zone, such as Europe/Oslo.`);
    return own ?? this.deps.timeZone();
  }

  #checkProfile(action: ScheduleAction): void {
    if (action.kind === "profile" && !this.deps.hasProfile(action.profile))
      throw new MargayError("invalid_request", `There is no profile called ${shortened(action.profile)}.`);
    if (action.kind === "playbook") this.deps.playbooks.check(action.playbook, action.variables, []);
  }

  #checkRoom(): void {
    if (this.deps.store.count() >= MAX_SCHEDULES)
      throw new MargayError("conflict", `You have ${MAX_SCHEDULES} schedules and reminders, which is as many as fit. Delete some first.`);
  }

  /** So that no two changes have the same instant: a change is taken back only while it is the last. */
  #later(before: StoredSchedule): number {
    return Math.max(this.deps.now(), before.updated_at + 1);
  }

  #changed(event: string, schedule: StoredSchedule, by: ScheduleBy): void {
    this.#audit(event, schedule, by);
    this.deps.planned();
  }

  #audit(event: string, { id, number, action, tainted }: StoredSchedule, { author, channel }: ScheduleBy): void {
    this.deps.audit({
      kind: "schedule",
      event,
      actor: author,
      channel,
      subject: id,
      tainted,
      input: JSON.stringify(action),
      // No words of it: the trail keeps none.
      summary: `Schedule ${number} ${event}`,
    });
  }
}

export const titleOf = (action: StoredSchedule["action"]): string =>
  shortened(wordsOf(action).trim().split("\n")[0] ?? "", 80).replace(/(?<=[^.])\.$/u, "");

const folded = (text: string): string => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** Those whose title or words have all of the words. */
function matching(schedules: readonly StoredSchedule[], wanted: string): StoredSchedule[] {
  const words = folded(wanted).match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return [];
  const found = schedules.filter(({ title, action }) => {
    const text = folded(`${title} ${wordsOf(action)}`);
    return words.every((word) => text.includes(word));
  });
  const titled = found.filter(({ title }) => folded(title) === folded(wanted));
  return titled.length === 1 ? titled : found;
}
