import { DurableObject } from "cloudflare:workers";
import { AssignmentStore } from "../src/db/object/executor.ts";
import { StepStore } from "../src/db/object/steps.ts";
import type { Env } from "../src/env.ts";
import { log } from "../src/log.ts";
import { userAgent } from "../src/stubs.ts";
import { Assignment } from "../src/tasks/executor-protocol.ts";
import { ExecutorRun } from "../src/tasks/executor-run.ts";

/**
 * Works on one task in the background. A shell without authority: of the deployment's bindings it uses the way to its user's object and nothing else. Its name is the user's id and the task's, so it serves
 * no other; only that user's object calls it.
 */
export class Executor extends DurableObject<Env> {
  readonly #run = new ExecutorRun({
    assignments: new AssignmentStore(this.ctx.storage.sql),
    steps: new StepStore(this.ctx.storage.sql),
    send: (userId, call) => userAgent(this.env, userId).executor(call),
    wakeAt: (at) => (at === null ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(at)),
    wipe: async () => {
      await this.ctx.storage.deleteAlarm();
      await this.ctx.storage.deleteAll();
    },
    background: (work) => this.ctx.waitUntil(work),
    log,
    now: () => Date.now(),
  });

  /** Takes a task, or goes on with it: what it waited for may be settled. `assignment` is the JSON of an {@link Assignment}. One that is not this executor's is refused. */
  async begin(assignment: string): Promise<void> {
    const parsed = Assignment.parse(JSON.parse(assignment));
    if (`${parsed.userId}/${parsed.taskId}` !== this.ctx.id.name) throw new Error("another executor's assignment");
    await this.#run.begin(parsed);
  }

  async stop(): Promise<void> {
    await this.#run.stop();
  }

  override async alarm(): Promise<void> {
    await this.#run.alarm();
  }
}
