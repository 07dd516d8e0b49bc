import type { Caller } from "../auth/principal.ts";
import type { AuditEntry } from "../audit/entry.ts";
import type { ApprovalView } from "../channels/approval-view.ts";
import type { AuditQuery } from "../db/object/audit.ts";
import type { GrantRow } from "../db/object/grants.ts";
import type { Result } from "../errors.ts";
import type { ChannelId, InboundMessage } from "../channels/message.ts";
import type { ConnectionTest } from "../models/provider.ts";
import type { SecretUse, VaultEntry } from "../secrets/vault.ts";
import type { Answer } from "./approvals.ts";
import type { ConfigChange } from "./config-changes.ts";
import type { VersionSummary } from "./configuration.ts";
import type { OperationInput, OperationName, OperationOutput } from "./operations.ts";
import type { Undoable } from "./undo.ts";
import type { Todo, TodoInput, TodoPatch, TodoQuery } from "../tools/todos/todo.ts";
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
} from "./shapes.ts";

export interface ApprovalPage {
  approvals: ApprovalView[];
  next_before: number | null;
}

/** Whether the audit trail is whole. */
export interface AuditReport {
  entries: number;
  head: { seq: number; hash: string };
  fault: { seq: number; problem: string } | null;
  /** The newest head that was written outside the object; null: none yet. `matches`: the trail still holds it. */
  anchor: { seq: number; hash: string; at: number; matches: boolean } | null;
}

export interface VersionPage {
  versions: VersionSummary[];
  nextBefore: number | null;
}

/**
 * What a user's object offers to the Worker. Every call carries the verified {@link Caller}; the object refuses one that is not its
 * own user (`forbidden`) or whose access is outdated (`stale_principal`).
 */
export interface UserAgentApi {
  /** Sets what D1 says about the user. Called by the Worker after every such change, and nowhere else. */
  setAccess(userId: string, access: Access): Promise<void>;
  /**
   * Stores a message and starts or queues its turn. Returns as soon as it is durable. `identity` is the verified channel identity
   * (`telegram:<bot>:<sender>`) when the caller is a channel; it must be linked.
   */
  receive(caller: Caller, message: InboundMessage, identity?: string): Promise<Result<Receipt>>;
  /** How a message was answered; waits up to `waitMs` (at most 120,000) for the end of its turn. */
  outcome(caller: Caller, messageId: string, waitMs: number): Promise<Result<Outcome>>;
  /** `receive` and `outcome` in one call. */
  converse(caller: Caller, message: InboundMessage, waitMs: number): Promise<Result<Outcome>>;
  /** The events of the turn that answers a message, from event `from`: lines of JSON `{"seq":number,"event":TurnEvent}`, ended by the `end` event. */
  follow(caller: Caller, messageId: string, from: number): Promise<Result<ReadableStream<Uint8Array>>>;
  /** A stateless run; returns lines like {@link UserAgentApi.follow}. Cancelling the stream cancels the run. */
  complete(caller: Caller, input: CompletionInput): Promise<Result<ReadableStream<Uint8Array>>>;
  messages(caller: Caller, query: MessageQuery): Promise<Result<MessagePage>>;
  /** Stops the running turn and drops what is queued. */
  cancel(caller: Caller, turnId?: string): Promise<Result<{ stopped: number; dropped: number }>>;

  listTodos(caller: Caller, query: TodoQuery): Promise<Result<Todo[]>>;
  addTodo(caller: Caller, input: TodoInput): Promise<Result<Todo>>;
  updateTodo(caller: Caller, id: string, patch: TodoPatch): Promise<Result<Todo>>;
  deleteTodo(caller: Caller, id: string): Promise<Result<Todo>>;

  settings(caller: Caller): Promise<Result<UserSettings>>;
  updateSettings(caller: Caller, patch: Partial<UserSettings>): Promise<Result<UserSettings>>;
  providers(caller: Caller): Promise<Result<ProviderView[]>>;
  putProvider(caller: Caller, input: ProviderInput): Promise<Result<ProviderView>>;
  deleteProvider(caller: Caller, provider: string, endpoint: string): Promise<Result<null>>;
  /** Tries a connection. With `input.apiKey` absent the stored one is used. */
  testProvider(caller: Caller, input: ProviderInput): Promise<Result<ConnectionTest>>;
  stats(caller: Caller, days: number): Promise<Result<Stats>>;

  /** Waiting ones, oldest first; with `all` the settled ones too, newest first. */
  approvals(caller: Caller, query: ApprovalQuery): Promise<Result<ApprovalPage>>;
  approval(caller: Caller, id: string, identity?: string): Promise<Result<ApprovalView>>;
  /** The first answer counts; a later one is a `conflict` that says what it was. `channel` is the way it came by. `identity` as in {@link UserAgentApi.receive}. */
  answerApproval(caller: Caller, id: string, answer: Answer, channel: ChannelId, identity?: string): Promise<Result<ApprovalView>>;
  /** Standing permissions, newest first, those that do not hold any more too. */
  grants(caller: Caller): Promise<Result<GrantRow[]>>;
  revokeGrant(caller: Caller, id: string): Promise<Result<GrantRow>>;

  audit(caller: Caller, query: AuditQuery): Promise<Result<AuditEntry[]>>;
  verifyAudit(caller: Caller): Promise<Result<AuditReport>>;
  undoable(caller: Caller): Promise<Result<Undoable[]>>;
  /** Takes back one change, or (null) the last. */
  undo(caller: Caller, callId: string | null): Promise<Result<Undoable & { result: string }>>;

  configVersions(caller: Caller, limit: number, before: number | null): Promise<Result<VersionPage>>;
  /** What differs between a version and another, or (null) now. */
  compareConfig(caller: Caller, from: number, to: number | null): Promise<Result<ConfigChange[]>>;
  /** Goes back to a version; gives what that changed. */
  restoreConfig(caller: Caller, version: number): Promise<Result<ConfigChange[]>>;

  /** Names a secret in the user's vault (`telegram:<botId>`, `github`); the value is encrypted at rest and never returned. `use`: where tools may send it; null: nowhere; left out: where a stored one may go now. `value` null: only that changes. */
  putSecret(
    caller: Caller,
    name: string,
    value: string | null,
    use?: SecretUse | null,
  ): Promise<Result<{ name: string; lastFour: string }>>;
  secrets(caller: Caller): Promise<Result<VaultEntry[]>>;
  /** `not_found`: there is none of that name. */
  deleteSecret(caller: Caller, name: string): Promise<Result<null>>;
  /** Memory, knowledge, contexts and imports: see `Operations`; `askAgent()` in `src/http/` gives each its own type. A name that is not there is `not_found`. */
  ask(caller: Caller, name: OperationName, input: OperationInput): Promise<Result<OperationOutput>>;

  /** For executors only: one of their calls as JSON, and its answer. Of a task that does not run here: that it is gone. No route calls it. */
  executor(call: string): Promise<string>;

  /**
   * For the Worker's channel drivers only (to call Telegram with a user's own bot token): the value of a `telegram:` secret. No route returns it.
   */
  channelSecret(userId: string, name: string): Promise<string | null>;

  /** Channel identities that may speak as this user. */
  linkIdentity(userId: string, identity: string): Promise<void>;
  unlinkIdentity(userId: string, identity: string): Promise<void>;

  /** Deletes everything of this user in the object and in R2. The account row goes separately. */
  destroy(userId: string): Promise<void>;
}
