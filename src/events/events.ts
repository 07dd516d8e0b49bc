import type { Operations } from "../agent/operations.ts";
import type { MailListener } from "../channels/email/mail-event.ts";
import { type Log, whereOf } from "../log.ts";
import { againAfterMs, Firing, type FiringDeps } from "./firing.ts";
import { hearFile } from "./hear-file.ts";
import { hearMail } from "./hear-mail.ts";
import type { HookDirectory } from "./hook-directory.ts";
import { HookSecrets } from "./hook-secrets.ts";
import { HookSync } from "./hook-sync.ts";
import { BY_USER, Listeners, type ListenersDeps } from "./listeners.ts";
import { Polling, type PollingDeps } from "./polling.ts";
import { type HookAnswer, type HookRequest, receiveHook } from "./receive-hook.ts";
import { recordEvents } from "./record.ts";
import { Rounds } from "./rounds.ts";
import type { FileView } from "../workspace/shapes.ts";
import type { TestInput, TestResult } from "./shapes.ts";
import { setAside } from "./set-aside.ts";
import { sampleEvent, tryOut } from "./try-out.ts";
import type { Vault } from "../secrets/vault.ts";

export interface EventsDeps extends FiringDeps, PollingDeps {
  occasions: FiringDeps["occasions"];
  playbooks: FiringDeps["playbooks"] & ListenersDeps["playbooks"];
  vault: Pick<Vault, "put" | "get" | "delete">;
  directory: HookDirectory;
  /** The user may not use their agent now: nothing begins, and nothing is asked for. */
  suspended(): boolean;
  takesMail: ListenersDeps["takesMail"];
  /** Wakes the object for {@link Events.work}, durably; replaces what was planned before. */
  wakeAt(at: number): Promise<void>;
  background(work: Promise<unknown>): void;
  newId: ListenersDeps["newId"];
  newHookId: ListenersDeps["newHookId"];
  log: Log;
}

/** While nothing may begin it is looked again this often whether something may. */
const SUSPENDED_AGAIN_MS = 3_600_000;
/** One round at most this soon after another, whatever is due: what fails at once must not spin. */
const LEAST_MS = 50;
/** So much later what is being looked at is looked at anew, should the object have ended meanwhile. */
const LOOKED_AGAIN_MS = 600_000;

type ListenerOperations = Pick<Operations, Extract<keyof Operations, `listener.${string}`>>;

/** What happens outside and is acted on: hooks that services post to, feeds and pages that are looked at, mail, and what waits of them. One wake of the object for all of it. */
export class Events {
  readonly listeners: Listeners;
  /** One of the user's files is new, or has new content. Within the transaction that makes it so. */
  readonly fileAdded = (file: FileView): void => {
    // Planned for when the transaction is over.
    if (hearFile(file, this.deps)) this.deps.background(Promise.resolve().then(() => this.plan()));
  };
  /** Where mail that is no message comes in. */
  readonly mail: MailListener = {
    onMail: (mail) => hearMail(mail, this.deps),
    afterMail: () => this.plan(),
  };
  readonly #secrets: HookSecrets;
  readonly #hooks: HookSync;
  readonly #firing: Firing;
  readonly #polling: Polling;
  /** What is due waits for no server that is slow: the two go on beside each other. */
  readonly #fires = new Rounds(() => this.#guarded(() => this.#firing.fireDue()));
  readonly #polls = new Rounds(async () => {
    this.#looking = true;
    await this.#guarded(() => this.#polling.pollDue());
    this.#looking = false;
  });
  #planned: number | null = null;
  /** Feeds and pages are being looked at. */
  #looking = false;
  /** How often in a row a round went wrong in us, and whether this one did. */
  #faults = 0;
  #faulty = false;

  constructor(private readonly deps: EventsDeps) {
    this.#secrets = new HookSecrets(deps);
    this.#hooks = new HookSync(deps);
    this.#firing = new Firing(deps);
    this.#polling = new Polling(deps);
    this.listeners = new Listeners({
      ...deps,
      secrets: this.#secrets,
      flushHooks: () => this.#hooks.flush(true),
      plan: () => this.deps.background(this.plan()),
    });
  }

  /** Does what is due. Never throws. */
  async work(): Promise<void> {
    this.#planned = null;
    await this.#guarded(async () => setAside(this.deps));
    const polled = this.#polls.run();
    await Promise.all([this.#fires.run(), this.#hooks.flush()]);
    // Now, not after the looks: a server that is slow must not keep the next wake from being planned.
    if (this.#looking) await this.#replan();
    await polled;
    await this.#fires.run();
    this.#faults = this.#faulty ? this.#faults + 1 : 0;
    this.#faulty = false;
    await this.#replan();
  }

  async #replan(): Promise<void> {
    this.#planned = null;
    await this.plan();
  }

  /** Plans the next wake. Cheap; call it whenever something may be due at another time. Waiting for it is for who promises somebody that it will be done. */
  async plan(): Promise<void> {
    const { events, store, suspended, now, wakeAt } = this.deps;
    const at = now();
    const poll = store.nextPoll();
    // What is being looked at is due again only if the object ends meanwhile.
    const looked = this.#looking && poll !== null ? Math.max(poll, at + LOOKED_AGAIN_MS) : poll;
    const times = [events.nextDue(), looked, this.#hooks.next(), this.#firing.nextNotice()].filter((time) => time !== null);
    if (times.length === 0) return;
    // What is due and could not be done is tried again, later each time.
    const least = at + Math.max(LEAST_MS, againAfterMs(this.#faults + Number(this.#faulty)));
    const soonest = Math.min(...times.map((time) => (time <= at ? least : Math.max(time, at + LEAST_MS))));
    const wake = suspended() ? at + SUSPENDED_AGAIN_MS : soonest;
    // A later one than planned is no reason to put it off: the wake looks anew.
    if (this.#planned !== null && this.#planned <= wake && this.#planned > at) return;
    this.#planned = wake;
    const waking = wakeAt(wake);
    this.deps.background(waking);
    await waking;
  }

  receive(request: HookRequest): Promise<HookAnswer> {
    return receiveHook(request, { ...this.deps, secrets: this.#secrets, plan: () => this.plan() });
  }

  /** Tries a listener out with an event. With `dry_run` false it is really recorded and acted on. */
  async test(id: string, input: TestInput): Promise<TestResult> {
    const { store, transaction, newId, now, ask, scrub } = this.deps;
    const listener = this.listeners.existing(id);
    const event = sampleEvent(listener, input, `test ${newId()}`);
    const [title = "", content = ""] = await scrub([event.title, event.content]);
    const clean = { ...event, title, content };
    const result = await tryOut(listener, clean, ask);
    if (input.dry_run || result.would !== "fire") return { ...result, done: false };
    transaction(() => {
      const current = store.get(id);
      // It was just tried out by the question: at once, and without asking again.
      if (!current) return;
      recordEvents({ ...this.deps, now }, { ...current, batchSeconds: 0 }, [clean]);
      const waiting = this.deps.events.waiting(id).at(-1);
      if (waiting) this.deps.events.agreed(waiting.seq);
    });
    await this.plan();
    return { ...result, done: true };
  }

  tidy(): void {
    this.deps.events.prune(this.deps.now());
    this.#secrets.tidy();
  }

  operations(): ListenerOperations {
    const { listeners } = this;
    return {
      "listener.list": () => listeners.list(),
      "listener.get": (id) => listeners.get(id),
      "listener.add": (input) => listeners.add(input, BY_USER),
      "listener.update": ({ id, patch }) => listeners.update(id, patch, BY_USER),
      "listener.delete": (id) => listeners.delete(id, BY_USER),
      "listener.rotate": ({ id, secret }) => listeners.rotate(id, secret, BY_USER),
      "listener.test": ({ id, input }) => this.test(id, input),
      "listener.firings": ({ id, query }) => listeners.firings(id, query),
      "listener.receive": (request) => this.receive(request),
    };
  }

  async #guarded(work: () => Promise<boolean>): Promise<void> {
    try {
      if (this.deps.suspended() || !(await work())) return;
      await this.deps.occasions().go();
    } catch (error) {
      this.#faulty = true;
      this.deps.log("events_failed", { error: whereOf(error) }, "error");
    }
  }
}
