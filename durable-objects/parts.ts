import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { z } from "zod";
import { Anchors } from "../src/agent/anchors.ts";
import { Approvals } from "../src/agent/approvals.ts";
import { Configuration } from "../src/agent/configuration.ts";
import { Completions } from "../src/agent/completion.ts";
import { Deliveries } from "../src/agent/deliveries.ts";
import type { AgentDeps } from "../src/agent/deps.ts";
import { Intake } from "../src/agent/intake.ts";
import type { Operations } from "../src/agent/operations.ts";
import { Pasted } from "../src/agent/pasted.ts";
import { QuickReplies } from "../src/agent/quick-replies.ts";
import { originOf } from "../src/agent/origin-of.ts";
import { Runs } from "../src/agent/runs.ts";
import { Secrets } from "../src/agent/secrets.ts";
import { SocketFrames } from "../src/agent/socket-frames.ts";
import { Turns } from "../src/agent/turns.ts";
import { Undo } from "../src/agent/undo.ts";
import { Watch } from "../src/agent/watch.ts";
import { channels } from "../src/channels/registry.ts";
import type { ServerFrame } from "../src/channels/socket-protocol.ts";
import { ReplyTarget } from "../src/channels/message.ts";
import { commandRunner } from "../src/commands/runner.ts";
import { AccessStore } from "../src/db/object/access.ts";
import { ApprovalStore } from "../src/db/object/approvals.ts";
import { AuditStore, type NewAuditEntry } from "../src/db/object/audit.ts";
import { ConfigVersionStore } from "../src/db/object/config-versions.ts";
import { GrantStore } from "../src/db/object/grants.ts";
import { InboxStore } from "../src/db/object/inbox.ts";
import { MessageStore } from "../src/db/object/messages.ts";
import { OutboxStore } from "../src/db/object/outbox.ts";
import { SettingStore } from "../src/db/object/settings.ts";
import { StepStore } from "../src/db/object/steps.ts";
import { TodoStore } from "../src/db/object/todos.ts";
import { ToolCallStore } from "../src/db/object/tool-calls.ts";
import { TurnStore } from "../src/db/object/turns.ts";
import { UsageStore } from "../src/db/object/usage.ts";
import { Egress } from "../src/egress/client.ts";
import { resolveWith } from "../src/egress/resolve.ts";
import { type Env, settingsOf } from "../src/env.ts";
import { log } from "../src/log.ts";
import { agentModels } from "../src/models/agent-models.ts";
import { Connections } from "../src/models/connections.ts";
import { hex } from "../src/secrets/bytes.ts";
import { derivedKey } from "../src/secrets/keys.ts";
import { Vault } from "../src/secrets/vault.ts";
import { compileTool } from "../src/tools/compile-tool.ts";
import { builtInTools, type Stores } from "../src/tools/registry.ts";
import type { Tool } from "../src/tools/tool.ts";
import { type AwayJob, createAway } from "./away.ts";
import { channelSecrets } from "./channel-secrets.ts";
import { createGate } from "./gate.ts";
import { createHands } from "./hands.ts";
import { createLibrary } from "./library.ts";
import { createMail } from "./mail.ts";
import { ownImage } from "./own-image.ts";

export type JobName = "turn" | "deliver" | "drain" | "approvals" | "import" | "knowledge" | "library" | "browser" | AwayJob;

/** What the parts need of the object around them. */
export interface Host {
  storage: DurableObjectStorage;
  env: Env;
  userId: string;
  /** UTC milliseconds. */
  now(): number;
  /** Tells connected pages. */
  broadcast(frame: ServerFrame): void;
  /** Plans a wake of the object, durably; the same id replaces an earlier one. */
  wakeAt(job: { id: string; fn: JobName; time: number; payload?: string }): Promise<void>;
  background(work: Promise<unknown>): void;
  /** A turn starts: upkeep is due some time after it. */
  active(): void;
}

export type Parts = ReturnType<typeof createParts>;

/** What an evaluation puts in the place of the product's own. The object passes none of it. */
export interface Instead {
  tools: readonly Tool<z.ZodType, Stores>[];
  granted: readonly string[];
  model: LanguageModelV4;
}

/** Wires the modules of a user's agent to the storage and the bindings of their object. No rule lives here. */
export function createParts(host: Host, instead?: Instead) {
  const { storage, env, userId, now } = host;
  const { sql } = storage;
  const { settings: deployment } = settingsOf(env);
  const newId = (): string => crypto.randomUUID();
  const send: typeof fetch = (input, init) => fetch(input, init);

  const access = new AccessStore(sql);
  const inbox = new InboxStore(sql);
  const messages = new MessageStore(sql, (ids) => library.archive.refresh(ids));
  const turnRows = new TurnStore(sql);
  const outbox = new OutboxStore(sql);
  const settings = new SettingStore(sql, () => away.zoneChanged());
  const steps = new StepStore(sql);
  const calls = new ToolCallStore(sql);
  const timeZone = (): string => settings.timeZone();
  const suspended = (): boolean => access.get()?.suspended ?? false;
  const todos = new TodoStore({ sql, now, newId, timeZone, dated: () => away.changed() });
  const caps = () => ({ dayMicroUsd: access.get()?.dayCapMicroUsd ?? null, monthMicroUsd: access.get()?.monthCapMicroUsd ?? null });
  const usage = new UsageStore({ storage, now, newId, timeZone, caps });
  const vault = new Vault({ sql, userId, key: () => derivedKey(env, "vault", userId), now });
  const connections = new Connections({ settings, vault, deployment, bindings: env, fetch: send, now });
  const models = agentModels({
    connections,
    settings: () => settings.user(),
    deployment,
    usage,
    now,
    changed: (summary) => void audit.append({ kind: "config", event: "changed", actor: "user", summary }),
  });
  const approvalRows = new ApprovalStore(sql);
  const grants = new GrantStore(sql);
  const audit = new AuditStore(sql, settings, { now, randomHex: () => hex(crypto.getRandomValues(new Uint8Array(32))) });
  /** What was written and undone is not in the trail either. */
  const transaction = <T>(work: () => T): T => {
    try {
      return storage.transactionSync(work);
    } catch (error) {
      // What was kept in memory of it is not there either.
      for (const store of [audit, settings, grants, messages, library.summaries]) store.forget();
      throw error;
    }
  };
  const configuration = new Configuration({
    settings,
    grants,
    versions: new ConfigVersionStore(sql),
    audit: (entry) => void audit.append(entry),
    transaction,
    now,
    newId,
  });
  const secrets = new Secrets({ vault, messages, audit: (entry) => void audit.append(entry) });
  const note = (entry: NewAuditEntry): void => void audit.append(entry);
  const pasted = new Pasted({ vault, settings, messages, audit: note, transaction, mark: (text) => audit.mark(text), now });
  const anchors = new Anchors({ userId, audit, bucket: env.FILES, now });
  const egress = new Egress({ fetch: send, resolve: resolveWith(send) });
  const library = createLibrary({
    host,
    usage,
    messages,
    settings,
    configuration,
    connections,
    models,
    egress,
    audit: (entry) => void audit.append(entry),
    transaction,
    runningTurn: () => turnRows.running()[0]?.id ?? null,
    messagesChanged(ids) {
      turns.forgetEnded();
      for (const id of ids) {
        const message = messages.get(id);
        if (message) host.broadcast({ type: "message", message });
      }
    },
    scrub: (texts) => gate.scrub(texts),
    fileAdded: (file) => away.fileAdded(file),
    timeZone,
    newId,
  });
  const away = createAway({
    host,
    settings,
    inbox,
    messages,
    models,
    todos,
    approvals: approvalRows,
    vault,
    egress,
    transaction,
    timeZone,
    newId,
    agent: () => deps,
    turns: () => turns,
    ended: () => hands.ended(),
    skills: () => hands.skills,
  });
  const mail = createMail({
    host,
    access,
    settings,
    transaction,
    audit: (entry) => void audit.append(entry),
    occasions: away.occasions,
    messages,
    scrub: (texts) => gate.scrub(texts),
    listener: away.mailListener,
  });
  const hands = createHands({
    host,
    usage,
    settings,
    configuration,
    vault,
    egress,
    library,
    audit: (entry) => void audit.append(entry),
    transaction,
    scrub: (texts) => gate.scrub(texts),
    tools: () => tools,
    timeZone,
    newId,
  });
  const gate = createGate({
    host,
    usage,
    instead,
    calls,
    grants,
    settings,
    configuration,
    vault,
    egress,
    audit,
    transaction,
    timeZone,
    park: (request) => approvals.park(request),
    channelOf: (turnId) => originOf(turnId, inbox, messages, away.askers).channel,
    stores: { todos, memory: library.memory.port, knowledge: library.documents.port, files: library.files, ...away.ports, ...hands.ports },
  });
  const tools = (instead?.tools ?? builtInTools).map((tool) => compileTool(tool, gate));
  const undo = new Undo({ calls, tools, messages, broadcast: (frame) => host.broadcast(frame), showTask: (id) => away.tasks.show(id) });
  const channelSecret = channelSecrets(env, userId, vault);

  const deliveries = new Deliveries({
    outbox,
    messages,
    channels,
    userId,
    secret: channelSecret,
    fetch: send,
    apiRoot: deployment.TELEGRAM_API_ROOT ?? null,
    pageUrl: deployment.PUBLIC_URL?.replace(/\/+$/, "") ?? null,
    files: library.replyFiles,
    sendMail: mail.send,
    approval: (id) => approvals.get(id),
    planText: away.planning.text,
    suspended,
    wakeAt: (time) => host.wakeAt({ id: "deliver", fn: "deliver", time }),
    log,
    now,
  });

  const deps: AgentDeps = {
    messages,
    inbox,
    turns: turnRows,
    window: library.window,
    knows: { ...library.knows, skills: hands.skills.offer },
    knownDestinations: () => library.memory.memory.knownDestinations(),
    outbox,
    settings,
    channels,
    transaction,
    audit: (entry) => void audit.append(entry),
    waitingOf: (turnId) => approvals.waitingOf(turnId),
    takeSecrets: (message) => pasted.take(message),
    takeFiles: (files) => library.take(files),
    scrub: gate.scrub,
    withdraw: (turnId) => approvals.withdraw(turnId),
    stopApproved: () => approvals.runs.stop(),
    undoTurn: (turnId) => undo.undoTurn(turnId),
    turnEnded(turnId) {
      library.turnEnded();
      approvals.turnEnded(turnId);
      away.changed();
    },
    startRun: (turnId) => {
      runs.start(turnId);
      host.active();
    },
    cancelRun: (turnId) => runs.cancel(turnId),
    journal: (turnId) => steps.all(turnId),
    calls,
    drainAt: (time) => host.background(host.wakeAt({ id: "drain", fn: "drain", time })),
    suspended,
    model: (request) => instead?.model ?? models.model(request),
    modelName: (tier) => models.name(tier),
    planning: away.planning,
    hasModel: (tier) => instead !== undefined || models.chain(tier).length > 0,
    tools,
    ...commandRunner(() => ({
      ...parts(),
      user: access.get(),
      publicUrl: deployment.PUBLIC_URL ?? null,
      timeZone: timeZone(),
      now,
      ...library.forCommands,
      tasks: away.tasks,
      plans: away.plans,
      playbooks: away.playbooks,
      listeners: away.listeners,
      skills: hands.skills.skills,
      newId,
    })),
    image: ownImage(env.FILES, userId),
    usageOf: (turnId) => models.usageOf(turnId),
    broadcast: (frame) => host.broadcast(frame),
    showProgress: (turnId, text) => deliveries.progress(turnId, text),
    openReplies: (turnId) => deliveries.open(turnId),
    deliver: () => {
      if (outbox.mayHavePending()) host.background(deliveries.run());
    },
    log,
    now,
    newId,
  };
  const turns = new Turns(deps);
  const approvals = new Approvals({
    userId,
    approvals: approvalRows,
    configuration,
    inbox,
    outbox,
    messages,
    calls,
    tools: () => tools,
    expiryMinutes: () => settings.user().approvalMinutes,
    originOf: (turnId) => originOf(turnId, inbox, messages, away.askers),
    tasks: away.askers,
    pushTarget: () => settings.read("push_target", ReplyTarget),
    isRunning: (turnId) => turnRows.get(turnId)?.status === "running" || completions.isRunning(turnId),
    conversationId: () => turns.conversationId(),
    audit: (entry) => void audit.append(entry),
    transaction,
    background: (work) => host.background(work),
    wakeAt: (time) => host.wakeAt({ id: "approvals", fn: "approvals", time }),
    broadcast: (frame) => host.broadcast(frame),
    deliver: deps.deliver,
    drain: () => turns.drain(),
    log,
    now,
    newId,
  });
  const runs = new Runs({
    steps,
    body: (turnId, journal) => turns.run(turnId, journal),
    wakeAt: (turnId, time) => host.wakeAt({ id: `turn:${turnId}`, fn: "turn", payload: turnId, time }),
    background: (work) => host.background(work),
    log,
    now,
  });
  const quick = new QuickReplies(deps, turns);
  const intake = new Intake(deps, turns, quick);
  const completions = new Completions(deps);
  const watch = new Watch(deps, turns);
  const frames = new SocketFrames(userId, deps, turns, intake, approvals);

  /** What commands use too. */
  function parts() {
    return {
      access,
      inbox,
      messages,
      turnRows,
      settings,
      usage,
      vault,
      models,
      turns,
      intake,
      approvals,
      grants,
      configuration,
      undo,
      secrets,
      pasted,
      audit,
      tools,
    };
  }
  return {
    ...parts(),
    outbox,
    todos,
    connections,
    deliveries,
    deps,
    runs,
    quick,
    completions,
    anchors,
    calls,
    watch,
    frames,
    library,
    away,
    mail,
    hands,
    operations: { ...library.operations, ...away.operations, ...mail.operations, ...hands.operations } satisfies Operations,
    channelSecret,
  };
}
