import { DurableObject } from "cloudflare:workers";
import { Lifecycle, type LifecycleJobContext } from "agents/lifecycle";
import { z } from "zod";
import { type OperationInput, type OperationName, type OperationOutput, runOperation } from "../src/agent/operations.ts";
import type { ApprovalPage, AuditReport, UserAgentApi, VersionPage } from "../src/agent/user-agent-api.ts";
import type {
  Access,
  ApprovalQuery,
  CompletionInput,
  MessagePage,
  MessageQuery,
  Outcome,
  ProviderInput,
  ProviderView,
  Receipt,
  Stats,
  UserSettings,
} from "../src/agent/shapes.ts";
import type { Answer } from "../src/agent/approvals.ts";
import type { ConfigChange } from "../src/agent/config-changes.ts";
import type { Undoable } from "../src/agent/undo.ts";
import type { AuditEntry } from "../src/audit/entry.ts";
import type { ApprovalView } from "../src/channels/approval-view.ts";
import type { AuditQuery } from "../src/db/object/audit.ts";
import type { GrantRow } from "../src/db/object/grants.ts";
import type { SecretUse, VaultEntry } from "../src/secrets/vault.ts";
import type { Caller } from "../src/auth/principal.ts";
import type { ChannelId, InboundMessage } from "../src/channels/message.ts";
import { isTimeZone } from "../src/dates/zone.ts";
import { migrateObject } from "../src/db/object/schema.ts";
import type { Env } from "../src/env.ts";
import { MargayError, type Result, toResult } from "../src/errors.ts";
import { log } from "../src/log.ts";
import type { ConnectionTest } from "../src/models/provider.ts";
import { usageMessage } from "../src/usage-message.ts";
import type { Todo, TodoInput, TodoPatch, TodoQuery } from "../src/tools/todos/todo.ts";
import { eventLines } from "./event-lines.ts";
import { isAwayJob } from "./away.ts";
import { createParts, type Parts } from "./parts.ts";
import { Sockets } from "./sockets.ts";

const DAY_MS = 24 * 3_600_000;
/** Single model calls are kept this long; their sums stay. */
const CALLS_KEPT_MS = 90 * DAY_MS;
/** So long after activity the object looks after itself; also how soon a crash in the middle of a turn is noticed when nobody calls. */
const UPKEEP_MS = 20_000;
/** Between attempts to tell the queue what was spent. */
const ROLL_UP_AGAIN_MS = 300_000;

/**
 * One user's agent, and the only authority over what is theirs. A shell: it wires storage, alarms, sockets and bindings to the modules in
 * `src/`; the rules are there.
 */
export class UserAgent extends DurableObject<Env> implements UserAgentApi {
  readonly #sockets = new Sockets({
    onOpen: (caller) => (this.#admit(caller).ok ? [this.#parts.frames.ready()] : null),
    onFrame: async (caller, text, send) => {
      if (!this.#admit(caller).ok) return this.#sockets.closeAll();
      await this.#parts.frames.handle(text, send);
    },
  });
  readonly lifecycle = Lifecycle.install(this).use(this.#sockets);
  readonly #userId = this.ctx.id.name ?? "";
  readonly #now = () => Date.now();
  readonly #parts: Parts;
  #upkeep: Promise<void> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    // Before anything is read: the object's own tables.
    migrateObject(ctx.storage);
    this.#parts = createParts({
      storage: ctx.storage,
      env,
      userId: this.#userId,
      now: this.#now,
      broadcast: (frame) => this.#sockets.broadcast(frame),
      wakeAt: async (job) => void (await this.lifecycle.jobs.push(job)),
      background: (work) => ctx.waitUntil(work),
      // Whoever began it: the page speaks over its socket, which comes by none of the calls below.
      active: () => ctx.waitUntil(this.#planUpkeep()),
    });
  }

  /** Once an object's life in memory: what a crash left half done is taken up again. */
  async onStart(): Promise<void> {
    this.#parts.usage.recover();
    this.#parts.outbox.recover(this.#now());
    for (const turn of this.#parts.turnRows.running()) this.#parts.runs.resume(turn.id);
    this.#parts.approvals.recover();
    this.ctx.waitUntil(this.#resume());
  }

  async #resume(): Promise<void> {
    await this.lifecycle.start();
    await this.#parts.quick.resume();
    await this.#parts.turns.drain();
    await this.#parts.deliveries.run();
    if (this.#parts.library.work.due()) await this.#parts.library.work.work();
    if (this.#parts.library.documents.background.due()) await this.#parts.library.documents.background.work();
    await this.#parts.away.resume();
  }

  async onJob({ job }: LifecycleJobContext): Promise<{ rescheduleAt: number } | undefined> {
    if (job.fn === "turn") this.#parts.runs.start(z.string().parse(job.payload));
    // Not waited for: jobs run one after the other, and a host that hangs must not hold up a turn.
    if (job.fn === "deliver") this.ctx.waitUntil(this.#parts.deliveries.run());
    if (job.fn === "knowledge") this.ctx.waitUntil(this.#parts.library.documents.background.work());
    if (job.fn === "library") this.ctx.waitUntil(this.#parts.library.work.work());
    if (job.fn === "browser") this.ctx.waitUntil(this.#parts.hands.browser.look());
    if (job.fn === "drain") await this.#parts.turns.drain();
    if (job.fn === "approvals") await this.#parts.approvals.expire();
    if (job.fn === "import") this.ctx.waitUntil(this.#parts.library.imports.work());
    if (isAwayJob(job.fn)) return this.#parts.away.onJob(job.fn, () => this.lifecycle.jobs.cancel(job.id));
    if (job.fn === "tidy") await this.#tidy();
    if (job.fn !== "upkeep") return undefined;
    // What a fault that did not end the object left lying; whatever runs or waits is not touched.
    for (const turn of this.#parts.turnRows.running()) this.#parts.runs.resume(turn.id);
    const told = await this.#rollUp();
    if (!told || this.#parts.turnRows.running().length > 0) return { rescheduleAt: this.#now() + (told ? UPKEEP_MS : ROLL_UP_AGAIN_MS) };
    this.#upkeep = null;
    return undefined;
  }

  async #tidy(): Promise<void> {
    this.#parts.inbox.prune(this.#now());
    this.#parts.usage.forgetCallsBefore(this.#now() - CALLS_KEPT_MS);
    this.#parts.outbox.prune(this.#now());
    this.#parts.pasted.tidy();
    for (const part of [this.#parts.away, this.#parts.mail, this.#parts.hands]) part.tidy();
    await this.#parts.library.tidy();
    await this.#parts.anchors.anchor();
  }

  /** Tells D1 what was spent, as absolute totals: repeating it changes nothing. False: the queue did not take it, so again later. */
  async #rollUp(): Promise<boolean> {
    const rows = this.#parts.usage.dirtyDays();
    if (rows.length === 0 || !this.env.USAGE) return true;
    try {
      await this.env.USAGE.send(usageMessage(this.#userId, rows));
    } catch (error) {
      log("roll_up_failed", { error: error instanceof Error ? error.message.slice(0, 500) : "?" }, "warn");
      return false;
    }
    this.#parts.usage.markRolledUp(rows);
    return true;
  }

  #admit(caller: Caller, identity?: string): Result<null> {
    return this.#parts.access.admit(this.#userId, caller, identity);
  }

  /** Every call of the Worker comes through here: started, admitted, refusals as values. */
  async #enter<T>(caller: Caller, work: () => Promise<T> | T, identity?: string): Promise<Result<T>> {
    if (!this.lifecycle.isStarted()) await this.lifecycle.start();
    const admitted = this.#admit(caller, identity);
    if (!admitted.ok) return admitted;
    return toResult(work);
  }

  async setAccess(userId: string, access: Access): Promise<void> {
    if (userId !== this.#userId) return;
    const before = this.#parts.access.get();
    this.#parts.access.set(userId, access);
    if (before && before.authVersion < access.authVersion) this.#sockets.closeAll();
    // Whatever they had begun ends too; while they are suspended nothing begins and nothing is delivered.
    if (!before || !this.#parts.deps.suspended()) {
      if (before?.suspended) this.ctx.waitUntil(this.#parts.turns.drain().then(() => this.#parts.away.resume()));
      return;
    }
    this.#parts.completions.stopAll();
    this.#parts.away.cancelAll();
    await this.#parts.intake.cancel();
  }

  async receive(caller: Caller, message: InboundMessage, identity?: string): Promise<Result<Receipt>> {
    const result = await this.#enter(caller, () => this.#parts.intake.receive(message), identity);
    if (result.ok) await this.#planUpkeep();
    return result.ok ? result.value : result;
  }

  async outcome(caller: Caller, messageId: string, waitMs: number): Promise<Result<Outcome>> {
    const result = await this.#enter(caller, () => this.#parts.watch.outcome(messageId, waitMs));
    return result.ok ? result.value : result;
  }

  async converse(caller: Caller, message: InboundMessage, waitMs: number): Promise<Result<Outcome>> {
    const receipt = await this.receive(caller, message);
    return receipt.ok ? this.#parts.watch.outcome(receipt.value.messageId, waitMs) : receipt;
  }

  async follow(caller: Caller, messageId: string, from: number): Promise<Result<ReadableStream<Uint8Array>>> {
    return this.#enter(caller, () => {
      if (!this.#parts.inbox.get(messageId)) throw new MargayError("not_found", "There is no such message.");
      return eventLines((send, signal) => this.#parts.watch.follow(messageId, from, send, signal));
    });
  }

  async complete(caller: Caller, input: CompletionInput): Promise<Result<ReadableStream<Uint8Array>>> {
    return this.#enter(caller, () => {
      const run = this.#parts.completions.start(input);
      return eventLines(async (send, signal) => {
        try {
          await run(send, signal);
        } finally {
          await this.#planUpkeep();
        }
      });
    });
  }

  async messages(caller: Caller, query: MessageQuery): Promise<Result<MessagePage>> {
    return this.#enter(caller, () => this.#parts.messages.page(query));
  }

  async cancel(caller: Caller, turnId?: string): Promise<Result<{ stopped: number; dropped: number }>> {
    return this.#enter(caller, () => this.#parts.intake.cancel(turnId));
  }

  async listTodos(caller: Caller, query: TodoQuery): Promise<Result<Todo[]>> {
    return this.#enter(caller, () => this.#parts.todos.list(query));
  }

  async addTodo(caller: Caller, input: TodoInput): Promise<Result<Todo>> {
    return this.#enter(caller, () => this.#parts.todos.add(input));
  }

  async updateTodo(caller: Caller, id: string, patch: TodoPatch): Promise<Result<Todo>> {
    return this.#enter(caller, () => this.#parts.todos.update(id, patch));
  }

  async deleteTodo(caller: Caller, id: string): Promise<Result<Todo>> {
    return this.#enter(caller, () => this.#parts.todos.delete(id));
  }

  async settings(caller: Caller): Promise<Result<UserSettings>> {
    return this.#enter(caller, () => this.#parts.settings.user());
  }

  async updateSettings(caller: Caller, patch: Partial<UserSettings>): Promise<Result<UserSettings>> {
    return this.#enter(caller, () => {
      if (patch.timeZone !== undefined && patch.timeZone !== null && !isTimeZone(patch.timeZone))
        throw new MargayError("invalid_request", `"${patch.timeZone}" is not an IANA time zone, such as Europe/Oslo.`);
      if (patch.models) this.#parts.models.checkChains(patch.models);
      const changed = this.#parts.configuration.update(patch, by(caller));
      this.#parts.away.changed();
      return changed;
    });
  }

  async providers(caller: Caller): Promise<Result<ProviderView[]>> {
    return this.#enter(caller, () => this.#parts.connections.views());
  }

  async putProvider(caller: Caller, input: ProviderInput): Promise<Result<ProviderView>> {
    return this.#enter(caller, () => this.#parts.models.putProvider(input));
  }

  async deleteProvider(caller: Caller, provider: string, endpoint: string): Promise<Result<null>> {
    return this.#enter(caller, () => {
      this.#parts.models.deleteProvider(provider, endpoint);
      return null;
    });
  }

  async testProvider(caller: Caller, input: ProviderInput): Promise<Result<ConnectionTest>> {
    return this.#enter(caller, () => this.#parts.models.test(input));
  }

  async stats(caller: Caller, days: number): Promise<Result<Stats>> {
    return this.#enter(caller, () => this.#parts.usage.stats(days));
  }

  async approvals(caller: Caller, query: ApprovalQuery): Promise<Result<ApprovalPage>> {
    return this.#enter(caller, () => this.#parts.approvals.list(query));
  }

  async approval(caller: Caller, id: string, identity?: string): Promise<Result<ApprovalView>> {
    return this.#enter(caller, () => this.#parts.approvals.get(id) ?? missing("There is no such approval."), identity);
  }

  async answerApproval(caller: Caller, id: string, answer: Answer, channel: ChannelId, identity?: string): Promise<Result<ApprovalView>> {
    const result = await this.#enter(caller, () => this.#parts.approvals.answer(id, answer, channel), identity);
    return result.ok ? result.value : result;
  }

  async grants(caller: Caller): Promise<Result<GrantRow[]>> {
    return this.#enter(caller, () => this.#parts.grants.all());
  }

  async revokeGrant(caller: Caller, id: string): Promise<Result<GrantRow>> {
    return this.#enter(caller, () => this.#parts.configuration.revoke(id, by(caller)));
  }

  async audit(caller: Caller, query: AuditQuery): Promise<Result<AuditEntry[]>> {
    return this.#enter(caller, () => this.#parts.audit.find(query));
  }

  async verifyAudit(caller: Caller): Promise<Result<AuditReport>> {
    return this.#enter(caller, () => this.#parts.anchors.report());
  }

  async undoable(caller: Caller): Promise<Result<Undoable[]>> {
    return this.#enter(caller, () => this.#parts.undo.list());
  }

  async undo(caller: Caller, callId: string | null): Promise<Result<Undoable & { result: string }>> {
    return this.#enter(caller, () => this.#parts.undo.undo(callId));
  }

  async configVersions(caller: Caller, limit: number, before: number | null): Promise<Result<VersionPage>> {
    return this.#enter(caller, () => this.#parts.configuration.versions(limit, before));
  }

  async compareConfig(caller: Caller, from: number, to: number | null): Promise<Result<ConfigChange[]>> {
    return this.#enter(caller, () => this.#parts.configuration.compare(from, to));
  }

  async restoreConfig(caller: Caller, version: number): Promise<Result<ConfigChange[]>> {
    return this.#enter(caller, () => this.#parts.configuration.rollBack(version, by(caller)));
  }

  async putSecret(
    caller: Caller,
    name: string,
    value: string,
    use?: SecretUse | null,
  ): Promise<Result<{ name: string; lastFour: string }>> {
    return this.#enter(caller, () => this.#parts.secrets.put(name, value, use, by(caller)));
  }

  async secrets(caller: Caller): Promise<Result<VaultEntry[]>> {
    return this.#enter(caller, () => this.#parts.vault.list());
  }

  async deleteSecret(caller: Caller, name: string): Promise<Result<null>> {
    return this.#enter(caller, () => this.#parts.secrets.delete(name, by(caller)));
  }

  async ask(caller: Caller, name: OperationName, input: OperationInput): Promise<Result<OperationOutput>> {
    return this.#enter(caller, () => runOperation(this.#parts.operations, name, input));
  }

  async executor(call: string): Promise<string> {
    if (this.#parts.access.get() !== null && !this.lifecycle.isStarted()) await this.lifecycle.start();
    return this.#parts.away.desk.handle(call);
  }

  async channelSecret(userId: string, name: string): Promise<string | null> {
    if (userId !== this.#userId || !name.startsWith("telegram:")) return null;
    const result = await toResult(() => this.#parts.channelSecret(name));
    // One that does not open any more is as good as none; the user is told where they set it.
    return result.ok ? result.value : null;
  }

  async linkIdentity(userId: string, identity: string): Promise<void> {
    if (userId === this.#userId) this.#parts.access.linkIdentity(identity, this.#now());
  }

  async unlinkIdentity(userId: string, identity: string): Promise<void> {
    if (userId === this.#userId) this.#parts.access.unlinkIdentity(identity);
  }

  async destroy(userId: string): Promise<void> {
    if (userId !== this.#userId) return;
    this.#sockets.closeAll();
    for (;;) {
      const page = await this.env.FILES.list({ prefix: `u/${userId}/`, limit: 500 });
      if (page.objects.length > 0) await this.env.FILES.delete(page.objects.map((object) => object.key));
      if (!page.truncated) break;
    }
    await Promise.all([this.#parts.away.tasks.destroy(), this.#parts.library.destroy()]);
    await this.lifecycle.disableAlarms();
    await this.ctx.storage.deleteAll();
    // The tables are gone: this instance may not serve another call. A moment later, so that this answer still leaves.
    setTimeout(() => this.ctx.abort("destroyed"), 10);
  }

  /** Upkeep soon after activity, tidying once a day; each pushed only when not planned yet. */
  #planUpkeep(): Promise<void> {
    this.#upkeep ??= this.#pushUpkeep().catch((error: unknown) => {
      this.#upkeep = null;
      throw error;
    });
    return this.#upkeep;
  }

  async #pushUpkeep(): Promise<void> {
    const { jobs } = this.lifecycle;
    await jobs.push({ id: "upkeep", fn: "upkeep", time: this.#now() + UPKEEP_MS });
    if (!jobs.get("tidy")) await jobs.push({ id: "tidy", fn: "tidy", time: this.#now() + DAY_MS });
  }
}

/** A change that came with a call of the Worker. */
const by = ({ via }: Caller) => ({ author: "user" as const, channel: via === "session" || via === "loopback" ? "web" : "http" });

function missing(message: string): never {
  throw new MargayError("not_found", message);
}
