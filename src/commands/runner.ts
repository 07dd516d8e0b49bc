import type { Approvals } from "../agent/approvals.ts";
import type { Configuration } from "../agent/configuration.ts";
import type { AgentDeps } from "../agent/deps.ts";
import type { Intake } from "../agent/intake.ts";
import type { Pasted } from "../agent/pasted.ts";
import type { Secrets } from "../agent/secrets.ts";
import type { Undo } from "../agent/undo.ts";
import type { Turns } from "../agent/turns.ts";
import type { Access } from "../agent/shapes.ts";
import type { AuditStore } from "../db/object/audit.ts";
import type { GrantStore } from "../db/object/grants.ts";
import type { InboxStore } from "../db/object/inbox.ts";
import type { MessageStore } from "../db/object/messages.ts";
import type { SettingStore } from "../db/object/settings.ts";
import type { TurnStore } from "../db/object/turns.ts";
import type { UsageStore } from "../db/object/usage.ts";
import type { Listeners } from "../events/listeners.ts";
import { MargayError, unwrap } from "../errors.ts";
import type { AgentModels } from "../models/agent-models.ts";
import { formatModelRef } from "../models/model-ref.ts";
import { Tier } from "../models/provider.ts";
import { visible } from "../permission/visible.ts";
import { UserWord } from "../permission/user-word.ts";
import type { Memory } from "../memory/memory.ts";
import type { Playbooks } from "../plans/playbooks.ts";
import type { Plans } from "../plans/plans.ts";
import type { Skills } from "../skills/skills.ts";
import type { Tasks } from "../tasks/tasks.ts";
import type { Vault } from "../secrets/vault.ts";
import type { FilesPort } from "../tools/files/files-port.ts";
import { MAX_FILES } from "../workspace/shapes.ts";
import type { CompiledTool } from "../tools/compiled-tool.ts";
import type { CommandContext, CommandPorts } from "./command.ts";
import { type KnowledgeParts, knowledgePort } from "./knowledge-port.ts";
import { parseCommand, runCommand } from "./registry.ts";

/** The parts of the user's object that commands reach, through {@link CommandPorts} only. */
export interface CommandParts {
  user: (Access & { userId: string }) | null;
  publicUrl: string | null;
  timeZone: string;
  now(): number;
  settings: SettingStore;
  turns: Turns;
  turnRows: TurnStore;
  inbox: InboxStore;
  messages: MessageStore;
  intake: Intake;
  usage: UsageStore;
  models: AgentModels;
  tools: readonly CompiledTool[];
  approvals: Approvals;
  grants: GrantStore;
  configuration: Configuration;
  undo: Undo;
  audit: AuditStore;
  vault: Vault;
  secrets: Secrets;
  pasted: Pasted;
  memory: Memory;
  files: Pick<FilesPort, "list">;
  tasks: Tasks;
  plans: Plans;
  playbooks: Playbooks;
  listeners: Listeners;
  skills: Skills;
  knowledge: KnowledgeParts;
  newId(): string;
}

/** Commands as the coordinator takes them. `parts` is asked for when a command runs, since the parts know each other. */
export function commandRunner(parts: () => CommandParts): Pick<AgentDeps, "parseCommand" | "runCommand"> {
  return {
    parseCommand,
    async runCommand(command, channel, messageId) {
      try {
        const known = parts();
        const saidAt = known.messages.get(messageId)?.created_at ?? known.now();
        return await runCommand(command, contextOf(known, channel, messageId, saidAt));
      } catch (error) {
        if (error instanceof MargayError) return error.message;
        throw error;
      }
    },
  };
}

function contextOf(parts: CommandParts, channel: string, messageId: string, saidAt: number): CommandContext {
  const { user } = parts;
  return {
    now: parts.now,
    saidAt,
    timeZone: parts.timeZone,
    channel,
    publicUrl: parts.publicUrl,
    user: { id: user?.userId ?? "", name: user?.name ?? "", email: user?.email ?? "", role: user?.role ?? "user" },
    ports: portsOf(parts, messageId, saidAt, channel),
  };
}

function portsOf(parts: CommandParts, messageId: string, saidAt: number, channel: string): CommandPorts {
  let calls = 0;
  return {
    newConversation: () => parts.settings.write("conversation", parts.newId(), parts.now()),
    cancel: () => parts.intake.cancel(),
    status() {
      const running = parts.turnRows.running()[0];
      const log = running === undefined ? null : parts.turns.log(running.id);
      const { dayMicroUsd, monthMicroUsd } = parts.usage.spent();
      return {
        running: running ? { turnId: running.id, startedAt: running.startedAt, text: log?.text ?? "", doing: log?.doing ?? null } : null,
        queued: parts.inbox.queuedCount(),
        spentTodayMicroUsd: dayMicroUsd,
        spentMonthMicroUsd: monthMicroUsd,
      };
    },
    tasks: {
      open: () => parts.tasks.open(),
      ended: (limit) => parts.tasks.list({ status: "ended", limit }).tasks,
      numbered: (number) => parts.tasks.numbered(number),
      cancel: (number) => parts.tasks.cancel(parts.tasks.numbered(number).id),
      cancelAll: () => parts.tasks.cancelAll(),
    },
    plans: {
      open: () => parts.plans.open(),
      numbered: (number) => parts.plans.numbered(number),
      playbooks: () => parts.playbooks.list(),
      delete: (number) => void parts.plans.delete(parts.plans.numbered(number).id, { author: "user", channel, tainted: false }),
      cancelAll: () => parts.plans.cancelAll({ author: "user", channel, tainted: false }),
    },
    model: () =>
      Tier.options.map((tier) => {
        const chain = parts.models.chain(tier);
        return { tier, chain: chain.map(formatModelRef), offline: chain[0]?.provider === "offline" };
      }),
    setModel(name, chain) {
      const tier = Tier.safeParse(name);
      if (!tier.success) throw new MargayError("invalid_request", `There is no tier "${name}": use ${Tier.options.join(", ")}.`);
      const models = { ...parts.settings.user().models, [tier.data]: chain };
      parts.models.checkChains(models);
      parts.configuration.update({ models }, { author: "user", channel });
    },
    approvals: {
      waiting: () => parts.approvals.pending(),
      numbered: (number) => parts.approvals.numbered(number),
      answer: (id, answer, note) => unwrap(parts.approvals.answer(id, { answer, note }, channel)),
    },
    grants: {
      active: () =>
        parts.grants
          .active(parts.now())
          .map(({ id, label, uses, taskId }) => ({ id, label: visible(label), uses, forTask: taskId !== null })),
      revoke: (id) => void parts.configuration.revoke(id, { author: "user", channel }),
    },
    undo: { list: () => parts.undo.list(), undo: (id) => parts.undo.undo(id) },
    activity: (query) => parts.audit.find(query),
    memory: {
      list: (words, limit) => parts.memory.numbered(words, limit),
      count: () => parts.memory.count(),
      pin: (number, pinned) => parts.memory.pin(parts.memory.idOf(number), pinned, { actor: "user", channel }),
      forget: (number) => parts.memory.forget(number === null ? null : parts.memory.idOf(number), { actor: "user", channel }),
    },
    files: { list: (path, search) => parts.files.list({ path, search, state: "current", limit: MAX_FILES }) },
    secrets: {
      list: () =>
        parts.vault
          .list()
          .filter(({ name }) => !name.includes(":"))
          .map(({ name, lastFour, usedAt, use }) => ({ name, lastFour, usedAt, hosts: use?.hosts ?? [] })),
      delete: (name) => void parts.secrets.delete(name, { author: "user", channel }),
      held: () => parts.pasted.list(),
      save: async (number, name) => (await parts.pasted.save(number, name, { author: "user", channel })).kind,
      discard: (number) => parts.pasted.discard(number, { author: "user", channel }).kind,
      restore: async (number) => (await parts.pasted.restore(number, { author: "user", channel })).kind,
    },
    skills: {
      list: () => parts.skills.list().skills,
      get: (name) => parts.skills.get(name),
      enable: (name, enable) => parts.skills.enable(name, enable, { actor: "user", channel }),
      disable: (name) => parts.skills.disable(name, { actor: "user", channel }),
    },
    listeners: {
      async delete(number) {
        const found = parts.listeners.list().find((one) => one.number === number);
        if (!found) throw new MargayError("not_found", `There is no listener ${number}. /listen shows them.`);
        return parts.listeners.delete(found.id, { author: "user", tainted: false, channel });
      },
    },
    knowledge: knowledgePort(parts.knowledge, parts.messages.get(messageId)?.conversation_id ?? parts.turns.conversationId()),
    async callTool(name, input) {
      const tool = parts.tools.find((candidate) => candidate.name === name);
      if (!tool) throw new MargayError("not_found", `There is no tool named ${name}.`);
      // The command's message id makes the call the same one when a crash makes the command run again.
      const id = `${messageId}:command:${calls++}`;
      return tool.call({
        id,
        turnId: messageId,
        taskId: messageId,
        conversationId: null,
        input,
        origin: "user",
        tainted: false,
        suspicious: false,
        // What they typed names where they want something from, as in a turn.
        provenance: { word: new UserWord([parts.messages.get(messageId)?.text ?? ""]), given: new Set() },
        profile: null,
        saidAt,
        signal: new AbortController().signal,
      });
    },
  };
}
