import { needsDelivery } from "../agent/needs-delivery.ts";
import { joinSteps } from "../agent/turn-log.ts";
import type { ReplyTarget } from "../channels/message.ts";
import type { TaskRow } from "../db/object/task-row.ts";
import { MargayError } from "../errors.ts";
import { whereOf } from "../log.ts";
import { looksLikeOrders } from "../permission/injection.ts";
import type { Assignment } from "./executor-protocol.ts";
import { executorTools } from "./profile.ts";
import { isChecked } from "./result-check.ts";
import { type TaskDetail, type TaskError, type TaskPage, type TaskQuery, TaskStatus, type TaskView } from "./shapes.ts";
import { endCode, endNotice } from "./task-end.ts";
import { activeMs } from "./task-limits.ts";
import { taskPrompt, workPrompt } from "./task-prompt.ts";
import type { NewTask, TaskStarter } from "./task-starter.ts";
import { taskDetail, taskView } from "./task-view.ts";
import type { TasksDeps } from "./tasks-deps.ts";

/** Tasks that wait for room at most. */
export const MAX_QUEUED_TASKS = 50;
/** While tasks run, they are looked after so often: an executor that was not reached is begun again, and one whose time is long over is ended. */
const LOOK_MS = 60_000;
/** What an executor may take beyond its time until it is ended from outside: it ends by itself before. */
const GRACE_MS = 180_000;
/** Between tries to reach an executor, milliseconds. */
const REACH_MS = [0, 200, 1_000];

/** What only the API gives beside {@link NewTask}. */
interface Extra {
  title?: string | undefined;
  bodyHash?: string;
  /** Whether the conversation is told of its end. */
  tell?: boolean;
  /** JSON Schema that its answer is to fit. */
  expects?: Record<string, unknown> | undefined;
  /** What came along is the user's own: it does not mark the task. */
  vouched?: boolean;
}

/** The tasks of one user: begins them, in order and so many at once, knows how far each is, and ends each once. */
export class Tasks implements TaskStarter {
  /** Executors that are known to have their task, in this life of the object. */
  readonly #begun = new Set<string>();
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(private readonly deps: TasksDeps) {}

  start(task: NewTask, extra: Extra = {}): { id: string; number: number } {
    const { store, profiles, now, newId, transaction, background, audit } = this.deps;
    const known = store.byKey(task.key);
    if (known) return { id: known.id, number: known.number };
    const profile = profiles.find(task.profile);
    if (profile === null) throw new MargayError("not_found", `There is no profile called ${task.profile}.`);
    if (store.count("queued") >= MAX_QUEUED_TASKS)
      throw new MargayError("rate_limited", `${MAX_QUEUED_TASKS} tasks wait already. Wait for some to end, or stop them: /cancel all.`);
    const id = newId();
    const tainted = task.tainted || (task.content.length > 0 && extra.vouched !== true);
    const { words, given } = this.deps.said(task.conversationId);
    const number = transaction(() => {
      audit({
        kind: "task",
        event: "started",
        actor: task.origin === "user" ? "user" : task.origin === "agent" ? "agent" : "system",
        subject: id,
        turn_id: task.taskId,
        tainted,
        input: JSON.stringify([task.input, task.content]),
        summary: `A task for ${profile.name}`,
      });
      return store.insert({
        id,
        key: task.key,
        bodyHash: extra.bodyHash ?? null,
        parentId: task.taskId,
        conversationId: task.conversationId,
        origin: task.origin,
        profile: profile.name,
        tier: task.tier ?? profile.tier,
        title: extra.title ?? titleOf(task.input),
        input: task.input,
        content: [...task.content],
        word: task.word,
        tainted,
        suspicious: tainted && looksLikeOrders(JSON.stringify([task.input, task.content])),
        words: [...words, ...(task.word ? [task.input] : [])],
        known: [...this.deps.knownDestinations()],
        given,
        plan: { prompt: workPrompt(profile, this.deps.skills), tools: [...profile.tools], capabilities: [...profile.capabilities] },
        limits: { ...profile.limits },
        replyTo: task.replyTo,
        tell: extra.tell ?? true,
        expects: extra.expects ?? null,
        createdAt: now(),
      });
    });
    // After whatever transaction this is part of.
    background(Promise.resolve().then(() => this.show(id)));
    background(Promise.resolve().then(() => this.tend()));
    return { id, number };
  }

  get(id: string): TaskDetail {
    const row = this.deps.store.get(id) ?? missing();
    return taskDetail(row, this.deps.store.stepsOf(id), this.deps.store.callsOf(id));
  }

  numbered(number: number): TaskView {
    return taskView(this.deps.store.numbered(number) ?? missing(number));
  }

  list({ status, limit, before }: TaskQuery): TaskPage {
    const open: TaskStatus[] = ["queued", "running", "waiting_approval"];
    const statuses =
      status === "all"
        ? TaskStatus.options
        : status === "open"
          ? open
          : status === "ended"
            ? TaskStatus.options.filter((one) => !open.includes(one))
            : [status];
    const rows = this.deps.store.page(statuses, before ?? null, limit + 1);
    const shown = rows.slice(0, limit);
    return { tasks: shown.map(taskView), next_before: rows.length > limit ? (shown.at(-1)?.number ?? null) : null };
  }

  /** Those that have not ended, oldest first. */
  open(): TaskView[] {
    return this.deps.store.open().map(taskView);
  }

  /** A task as it is at its end, or after `ms`. */
  async ended(id: string, ms: number): Promise<TaskView> {
    const row = this.deps.store.get(id) ?? missing();
    if (row.endedAt !== null || ms <= 0) return taskView(row);
    await new Promise<void>((resolve) => {
      const waiters = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, waiters);
      const done = (): void => {
        clearTimeout(timer);
        waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      waiters.add(done);
    });
    return taskView(this.deps.store.get(id) ?? missing());
  }

  /** Where what a task asks a person came from; null: there is no such task. */
  originOf(id: string): { channel: "agent"; replyTo: ReplyTarget } | null {
    const row = this.deps.store.get(id);
    return row && { channel: "agent", replyTo: this.#target(row) };
  }

  /** Who asks, for a card; null: no task does. */
  nameOf(id: string): string | null {
    const row = this.deps.store.get(id);
    // A title that content from outside may have had a hand in says nothing on a card that a person decides by.
    return row && `Task ${row.number} (${row.profile}${row.begunTainted ? "" : `: ${row.title}`})`;
  }

  /** Begins what waits for its turn while there is room, and sees to it that every running task has its executor. */
  tend(): void {
    const { store, now, suspended, atOnce } = this.deps;
    if (suspended()) return;
    while (store.count("running") < atOnce()) {
      const next = store.nextQueued();
      if (next === null || !store.begin(next.id, now())) break;
      this.show(next.id);
    }
    const open = store.open();
    for (const row of open) {
      if (row.status !== "running") continue;
      if (activeMs(row, now()) > row.limits.minutes * 60_000 + GRACE_MS)
        this.end(row.id, "failed", { code: "timeout", message: "Its time was over, and it did not end by itself." });
      else if (!this.#begun.has(row.id)) this.#reach(row);
    }
    if (open.some(({ status }) => status === "running")) this.deps.wakeAt(now() + LOOK_MS);
  }

  /** The user may have changed how many run at once. */
  settingsChanged(): void {
    if (this.deps.store.count("queued") > 0) this.tend();
  }

  /** The object was woken for tasks: whoever runs is begun again, which changes nothing where it runs. Also once a life of the object in memory. */
  look(): void {
    this.#begun.clear();
    this.#tellAll();
    // What was answered while nobody was there to hear it.
    for (const row of this.deps.store.open()) if (row.status === "waiting_approval") this.settled(row.id);
    this.tend();
  }

  /** Something that a task asked a person is settled. False: it is no task. */
  settled(id: string): boolean {
    const { store, waits, now } = this.deps;
    const row = store.get(id);
    if (row === null) return false;
    if (waits(id) || !store.goOn(id, now())) return true;
    this.#begun.delete(id);
    this.show(id);
    this.#reach(row);
    this.deps.wakeAt(now() + LOOK_MS);
    return true;
  }

  /** It waits for a person: its executor is unwound until {@link Tasks.settled}. */
  wait(id: string): void {
    if (this.deps.store.wait(id, this.deps.now())) this.show(id);
  }

  /**
   * Ends a task that has not ended, once: what it found is its result, and the coordinator is told in the same transaction, so that neither is without the other.
   */
  end(id: string, status: "done" | "failed" | "cancelled", error: TaskError | null): boolean {
    const { deps } = this;
    const { store } = deps;
    const before = store.get(id);
    if (before === null) return false;
    const ended = deps.transaction(() => {
      store.recount(id);
      const steps = store.stepsOf(id);
      const texts = steps.map(({ text }) => text);
      // What was looked at is the result; what was said on the way to correct it, and broke off, is not.
      const looked = steps.find(({ n }) => n === before.review?.step)?.text ?? texts.findLast((text) => text.trim() !== "");
      const result = status === "done" ? (looked ?? "") : joinSteps(texts);
      const settled = store.settle(id, {
        status,
        result,
        error: error && { ...error, code: endCode(error.code) },
        tainted: before.tainted || store.readBy(id).some(({ untrusted }) => untrusted !== null),
        at: deps.now(),
      });
      const row = settled ? store.get(id) : null;
      if (row === null) return false;
      deps.audit({
        kind: "task",
        event: status,
        actor: status === "cancelled" ? "user" : "agent",
        subject: id,
        turn_id: row.parentId,
        tainted: row.tainted,
        output: result,
        cost_micro_usd: row.microUsd,
        summary: `Task ${row.number} ended${row.error === null ? "" : `: ${row.error.code}`}`,
      });
      this.#tell(row);
      return true;
    });
    if (!ended) return false;
    this.#begun.delete(id);
    deps.abort(id);
    deps.withdraw(id);
    deps.active();
    deps.ended();
    this.show(id);
    for (const resolve of this.#waiting.get(id) ?? []) resolve();
    this.#waiting.delete(id);
    deps.background(deps.occasions().go());
    this.tend();
    return true;
  }

  /** Stops a task at once. Throws `not_found` and, where it ended before, `conflict`. */
  cancel(id: string): TaskView {
    const row = this.deps.store.get(id) ?? missing();
    if (!this.end(id, "cancelled", null)) throw new MargayError("conflict", `Task ${row.number} has ended already: ${row.status}.`);
    this.deps.background(this.#try(() => this.deps.executors.stop(id)));
    return taskView(this.deps.store.get(id) ?? missing());
  }

  /** The same for one that may have ended. */
  stop(id: string): void {
    if (this.end(id, "cancelled", null)) this.deps.background(this.#try(() => this.deps.executors.stop(id)));
  }

  /** Begins one that was stopped anew, from its beginning, as a task of its own. */
  again(id: string): { id: string; number: number } {
    const row = this.deps.store.get(id) ?? missing();
    const { input, profile, tier, content, word, tainted, origin, replyTo, parentId: taskId, conversationId, title, tell, expects } = row;
    return this.start(
      { key: `again:${id}`, input, profile, tier, content, word, tainted, origin, replyTo, taskId, conversationId },
      { title, tell, expects: expects ?? undefined },
    );
  }

  /** Stops all of them. Gives how many. */
  cancelAll(): number {
    // What waits for its turn first, or it would take the place of what was stopped.
    const open = this.deps.store.open().toSorted((a, b) => Number(b.status === "queued") - Number(a.status === "queued"));
    for (const { id } of open) this.cancel(id);
    return open.length;
  }

  /** Ends executors for good: the user goes. */
  async destroy(): Promise<void> {
    const { store, executors } = this.deps;
    await Promise.all(store.open().map(({ id }) => this.#try(() => executors.stop(id))));
  }

  tidy(): void {
    this.deps.store.prune(this.deps.now());
  }

  /** Tells pages how a task is now. */
  show(id: string, printed?: string): void {
    const row = this.deps.store.get(id);
    this.deps.printed.take(id, row === null || row.endedAt !== null ? undefined : printed);
    if (row) this.deps.broadcast({ type: "task", task: this.deps.printed.over(taskView(row)) });
    if (printed === undefined) this.deps.changed?.(id);
  }

  /** Within the transaction that ends it; or later, where so much waits or began within a day that nothing more is taken. Gives whether there was room. */
  #tell(row: TaskRow): boolean {
    const { store, occasions, wakeAt } = this.deps;
    const told = (): true => {
      store.told(row.id);
      return true;
    };
    if (!row.tell || row.status === "cancelled") return told();
    const begun = occasions().begin({
      route: "task",
      key: row.id,
      text: endNotice(row),
      word: false,
      content: [],
      tainted: row.tainted,
      replyTo: this.#target(row),
      tier: null,
      taskId: row.parentId,
    });
    if (begun !== "full") return told();
    wakeAt(occasions().roomAt());
    return false;
  }

  #tellAll(): void {
    const rows = this.deps.store.untold();
    // Where there is no room for one there is none for those after it.
    const full = rows.findIndex((row) => !this.deps.transaction(() => this.#tell(row)));
    if (rows.length > 0 && full !== 0) this.deps.background(this.deps.occasions().go());
  }

  /** Whoever asked on a connection has left it by now. */
  #target({ replyTo }: TaskRow): ReplyTarget {
    const stays = replyTo.channel === "web" || (replyTo.channel !== "webhook" && needsDelivery(replyTo));
    return stays ? replyTo : this.deps.occasions().home();
  }

  /** Gives an executor its task, or tells it to go on. */
  #reach(row: TaskRow): void {
    this.#begun.add(row.id);
    this.deps.background(this.#give(row.id, this.#assignment(row)));
  }

  async #give(id: string, assignment: Assignment): Promise<void> {
    const { executors, wakeAt, now } = this.deps;
    if (await this.#try(() => executors.begin(assignment))) return;
    this.#begun.delete(id);
    wakeAt(now() + 5_000);
  }

  #assignment(row: TaskRow): Assignment {
    const offered = executorTools(this.deps.tools(), row.plan.tools);
    return {
      userId: this.deps.userId,
      taskId: row.id,
      prompt: taskPrompt(row, this.deps.timeZone()),
      tools: offered.map(({ name, description, inputSchema, rare }) => ({ name, description, inputSchema, rare })),
      maxSteps: row.limits.steps,
      checked: isChecked(row.profile, row.expects),
    };
  }

  async #try(work: () => Promise<void>): Promise<boolean> {
    for (const wait of REACH_MS) {
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      try {
        await work();
        return true;
      } catch (error) {
        this.deps.log("executor_not_reached", { error: whereOf(error) }, "warn");
      }
    }
    return false;
  }
}

/** The beginning of the task's first line. */
function titleOf(input: string): string {
  const line = input.trim().split("\n", 1)[0]?.trim() ?? "";
  return line.length <= 80 ? line : `${line.slice(0, 79).toWellFormed().trimEnd()}…`;
}

function missing(number?: number): never {
  throw new MargayError("not_found", number === undefined ? "There is no such task." : `There is no task ${number}.`);
}
