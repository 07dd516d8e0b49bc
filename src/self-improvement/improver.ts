import type { ExampleCall } from "../db/object/past-requests.ts";
import type { ImprovementRow } from "../db/object/improvements.ts";
import type { ReplyTarget } from "../channels/message.ts";
import { type Log, whereOf } from "../log.ts";
import type { NewTask } from "../tasks/task-starter.ts";
import { type Finding, sameFinding } from "./finding.ts";
import { findPatterns } from "./find-patterns.ts";
import type { PastRequest } from "./past-request.ts";
import type { SelfImprovement } from "./shapes.ts";
import { type Example, taskText } from "./task-text.ts";

export interface ImproverDeps {
  setting(): SelfImprovement;
  /** What was asked since an instant, and the calls of one turn. */
  requests(since: number): PastRequest[];
  calls(turnId: string): ExampleCall[];
  /** Skills that the agent may change or use. */
  skills(): readonly { name: string; description: string }[];
  store: {
    add(row: ImprovementRow): void;
    all(): ImprovementRow[];
    /** When it last looked; null: never. */
    lastLook(): number | null;
    looked(at: number): void;
    prune(now: number): void;
  };
  start(task: NewTask): { id: string; number: number };
  /** Whether a task broke off: nobody has decided about what it was to do. */
  broke(taskId: string): boolean;
  /** Whether a model is there that can write. */
  hasModel(): boolean;
  suspended(): boolean;
  /** Where results are told. */
  replyTo(): ReplyTarget;
  audit(summary: string): void;
  transaction<T>(work: () => T): T;
  /** Takes stored secrets out of a text. */
  scrub(texts: readonly string[]): Promise<string[]>;
  log: Log;
  now(): number;
  newId(): string;
}

const DAY = 86_400_000;
/** How often it looks, and at how much. */
const EVERY_MS = 7 * DAY;
const BACK_MS = 30 * DAY;
const EXAMPLES = 3;
/** How often the same is begun whose task breaks off: a model that is away for a night is back in a week, a fault stays. */
const MAX_TRIES = 3;

/**
 * Looks once a week, by counting, at what the user asked for and what it took. Where nothing stands out, no model is asked. What does is worked on by one task of the `code` profile, whose draft is a proposal
 * that the user decides about. The same is not taken up again while its row is kept, but where its task broke off.
 */
export class Improver {
  constructor(private readonly deps: ImproverDeps) {}

  /** Looks if it is time to. Never throws. */
  async look(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      this.deps.log("improvement_failed", { error: whereOf(error) }, "error");
    }
  }

  /** When it looks next; null: it does not. */
  next(): number | null {
    const { setting, store, hasModel, now } = this.deps;
    if (setting() === "off" || !hasModel()) return null;
    const last = store.lastLook();
    return last === null ? now() : last + EVERY_MS;
  }

  /** What stands out now and was not worked on, the most worthwhile first. Nothing is counted while it is switched off. */
  found(): Finding[] {
    const { setting, requests, skills, store, broke, now } = this.deps;
    if (setting() === "off") return [];
    const known = store.all();
    const there = new Set(skills().map(({ name }) => name));
    return findPatterns(requests(now() - BACK_MS))
      .filter(({ skill }) => skill === null || there.has(skill))
      .filter((finding) => {
        const before = known.filter((row) => sameFinding(row.finding, finding));
        return before.length < MAX_TRIES && before.every(({ taskId }) => broke(taskId));
      });
  }

  async #look(): Promise<void> {
    const { setting, hasModel, suspended, store, now } = this.deps;
    const at = now();
    store.prune(at);
    if (setting() === "off" || suspended() || !hasModel()) return;
    const last = store.lastLook();
    if (last === null) {
      // There is nothing to look back on yet.
      store.looked(at);
      return;
    }
    if (at - last < EVERY_MS) return;
    const [finding] = this.found();
    if (finding === undefined) {
      store.looked(at);
      return;
    }
    const [text = ""] = await this.deps.scrub([taskText(finding, this.#examples(finding), this.deps.skills())]);
    this.#begin(finding, text, at);
  }

  #examples(finding: Finding): Example[] {
    const { requests, calls, now } = this.deps;
    const all = new Map(requests(now() - BACK_MS).map((request) => [request.turnId, request.text]));
    return finding.turn_ids.slice(0, EXAMPLES).map((turnId) => ({ text: all.get(turnId) ?? "", calls: calls(turnId) }));
  }

  /** The row, the task and that it was looked are one: an end in the middle repeats nothing. */
  #begin(finding: Finding, input: string, at: number): void {
    const { transaction, start, store, replyTo, audit, newId } = this.deps;
    const id = newId();
    transaction(() => {
      const task = start({
        key: `improve:${id}`,
        input,
        profile: "code",
        tier: null,
        content: [],
        word: false,
        tainted: false,
        origin: "schedule",
        replyTo: replyTo(),
        taskId: null,
        conversationId: null,
      });
      store.add({ id, finding, taskId: task.id, at });
      store.looked(at);
      // The trail cannot be changed, so what was said stands nowhere in it.
      audit(`Something stood out (${finding.kind}, ${finding.count} times) and is worked on by task ${task.number}`);
    });
  }
}
