import type { CallOutput } from "../channels/events.ts";
import { MargayError } from "../errors.ts";
import type {
  Forgotten,
  MemoryInput,
  MemoryPage,
  MemoryPatch,
  MemoryQuery,
  MemoryStatus,
  MemoryView,
  RecallHit,
} from "../memory/shapes.ts";
import type {
  ChunkPage,
  CollectionView,
  DocumentInput,
  DocumentPage,
  DocumentPatch,
  DocumentQuery,
  DocumentsAdded,
  DocumentView,
} from "../knowledge/shapes.ts";
import type { ImportPlan, ImportReport } from "../import/shapes.ts";
import type {
  BuiltInChange,
  BuiltInView,
  PreviewInput,
  ScheduleInput,
  SchedulePatch,
  SchedulePreview,
  ScheduleQuery,
  ScheduleRun,
  ScheduleView,
} from "../schedule/shapes.ts";
import type {
  FileQuery,
  FileTextView,
  FileVersions,
  FileView,
  Listing,
  MoveInput,
  RestoreInput,
  ShareInput,
  ShareView,
} from "../workspace/shapes.ts";
import type { Conditional } from "../workspace/preconditions.ts";
import type { Content } from "../workspace/stored-file.ts";
import type {
  SkillComparison,
  SkillDetail,
  SkillEnable,
  SkillInstalled,
  SkillList,
  SkillRun,
  SkillRunResult,
  SkillUses,
  SkillView,
} from "../skills/shapes.ts";
import type { SkillArrival } from "../skills/skill-arrival.ts";
import type { HeartbeatStatus } from "../heartbeat/shapes.ts";
import type { ImprovementStatus } from "../self-improvement/shapes.ts";
import type {
  ApiTask,
  ApiTaskBegun,
  ProfileInput,
  ProfileList,
  ProfilePatch,
  ProfileView,
  TaskDetail,
  TaskPage,
  TaskQuery,
  TaskView,
} from "../tasks/shapes.ts";
import type {
  ApiPlan,
  ApiPlanMade,
  ExecutionPlan,
  PlanPage,
  PlanQuery,
  PlaybookFromPlan,
  PlaybookInput,
  PlaybookList,
  PlaybookPatch,
  PlaybookView,
  StepPatch,
} from "../plans/shapes.ts";
import type { HookAnswer, HookRequest } from "../events/receive-hook.ts";
import type {
  FiringPage,
  FiringQuery,
  ListenerInput,
  ListenerMade,
  ListenerPatch,
  ListenerView,
  TestInput,
  TestResult,
} from "../events/shapes.ts";
import type { MailEvent } from "../channels/email/mail-event.ts";
import type { ContextView } from "./context-shapes.ts";

/**
 * What the Worker may ask of a user's object by name, beside the methods of {@link UserAgentApi}: `ask(caller, name, input)`. Every one takes one value and gives one, or throws
 * a `MargayError`; those that need nothing take null. A name that is not here is refused. `author` of a change is the user: these are calls of a person or of their program, never of the model.
 */
interface Signatures {
  "memory.list": (query: MemoryQuery) => Promise<MemoryPage>;
  "memory.get": (id: string) => MemoryView;
  "memory.add": (input: MemoryInput) => MemoryView;
  /** A new text takes the place of the old one, which can still be asked about. */
  "memory.update": (change: { id: string; patch: MemoryPatch }) => MemoryView;
  /** One, or (null) all. */
  "memory.forget": (id: string | null) => Promise<Forgotten>;
  "memory.status": (input: null) => MemoryStatus;
  "memory.recall": (query: { text: string; limit: number }) => Promise<RecallHit[]>;
  /** All of it, with what was superseded, for the user to take along. */
  "memory.export": (input: null) => MemoryView[];

  "knowledge.documents": (query: DocumentQuery) => DocumentPage;
  "knowledge.document": (id: string) => DocumentView;
  /** Takes in a file or an address; reading goes on in the background. */
  "knowledge.add": (input: DocumentInput) => Promise<DocumentsAdded>;
  "knowledge.update": (change: { id: string; patch: DocumentPatch }) => DocumentView;
  /** Every trace. */
  "knowledge.delete": (id: string) => Promise<null>;
  /** Where its original lies in R2, below the user's own prefix, and what it is called. */
  "knowledge.file": (id: string) => { key: string; name: string };
  /** Reads one again that failed. */
  "knowledge.retry": (id: string) => DocumentView;
  "knowledge.chunks": (place: { id: string; from: number; limit: number }) => ChunkPage;
  "knowledge.search": (query: { text: string; limit: number; collections: string[] | null }) => Promise<RecallHit[]>;
  "knowledge.collections": (input: null) => CollectionView[];
  "knowledge.addCollection": (name: string) => CollectionView;
  "knowledge.renameCollection": (change: { id: string; name: string }) => CollectionView;
  /** Its documents stay, in no collection. */
  "knowledge.deleteCollection": (id: string) => null;

  "files.list": (query: FileQuery) => Listing;
  "files.get": (path: string) => FileView;
  /** Where its bytes are, below the user's own prefix, or its text. `version` null: the newest. */
  "files.content": (place: { path: string; version: number | null }) => { file: FileView; content: Content };
  /** What it says, also of a PDF or another document. */
  "files.text": (place: { path: string; version: number | null }) => Promise<FileTextView>;
  "files.versions": (path: string) => FileVersions;
  /** `call`: of the request, the same when it is repeated. */
  "files.write": (
    file: { path: string; bytes: Uint8Array; mime: string; call?: string } & Conditional,
  ) => Promise<{ file: FileView; etag: string }>;
  /** Where a large upload is to be put, after which {@link Signatures."files.keep"} makes it a file. */
  "files.reserve": (file: { path: string; size: number } & Conditional) => { key: string };
  "files.keep": (file: { path: string; key: string } & Conditional) => Promise<{ file: FileView; etag: string }>;
  "files.move": (input: MoveInput & { call: string } & Conditional) => FileView[];
  "files.delete": (input: { path: string; call: string } & Conditional) => FileView[];
  "files.restore": (input: RestoreInput) => FileView;
  "files.share": (input: ShareInput) => Promise<ShareView>;
  "files.shares": (input: null) => Promise<{ shares: ShareView[] }>;
  "files.unshare": (id: string) => null;
  /** What a link leads to; null: nothing. */
  "files.shared": (id: string) => { file: FileView; content: Content } | null;

  "skills.list": (input: null) => SkillList;
  "skills.get": (name: string) => SkillDetail;
  /** Runs nothing of it and grants nothing. */
  "skills.install": (arrival: SkillArrival) => Promise<SkillInstalled>;
  /** Fetches one that came from an address again. */
  "skills.update": (name: string) => Promise<SkillInstalled>;
  "skills.enable": (input: { name: string; enable: SkillEnable }) => SkillDetail;
  "skills.disable": (name: string) => SkillDetail;
  "skills.rollback": (input: { name: string; version: string }) => SkillDetail;
  "skills.uninstall": (name: string) => SkillView;
  "skills.restore": (name: string) => SkillDetail;
  "skills.compare": (input: { name: string; from: string; to: string }) => SkillComparison;
  /** `version` null: the one in use. */
  "skills.file": (place: { name: string; version: string | null; path: string }) => { bytes: Uint8Array<ArrayBuffer>; text: boolean };
  "skills.export": (what: { name: string; version: string | null }) => { path: string; bytes: Uint8Array }[];
  "skills.uses": (query: { name: string; limit: number }) => SkillUses;
  "skills.run": (input: { name: string; run: SkillRun }) => Promise<SkillRunResult>;

  /** What the answer with this message id, or this turn, was made from. */
  "context.of": (id: string) => ContextView;

  /** Looks at an uploaded archive or file and says what would be done. */
  "import.plan": (input: { key: string; name: string }) => Promise<ImportPlan>;
  "import.run": (id: string) => Promise<ImportReport>;
  "import.report": (id: string) => ImportReport;

  /** What the agent looked at by itself, and when it looks next. */
  "heartbeat.status": (input: null) => HeartbeatStatus;

  /** Mail that is no message to the agent, as the Worker hands it over. Once each. */
  "mail.take": (mail: MailEvent) => null;
  /** The newest first. */
  "mail.list": (limit: number) => MailEvent[];
  /** Which of these keys of files no message has. */
  "mail.unused": (keys: string[]) => string[];

  "schedule.list": (query: ScheduleQuery) => ScheduleView[];
  "schedule.get": (id: string) => ScheduleView;
  "schedule.add": (input: ScheduleInput) => ScheduleView;
  "schedule.update": (change: { id: string; patch: SchedulePatch }) => ScheduleView;
  "schedule.delete": (id: string) => ScheduleView;
  /** Now, beside its times. */
  "schedule.run": (id: string) => ScheduleRun;
  /** The newest first. */
  "schedule.runs": (query: { id: string; limit: number }) => ScheduleRun[];
  /** What would be made of words; nothing is stored. */
  "schedule.preview": (input: PreviewInput) => SchedulePreview;
  "schedule.builtIn": (input: null) => BuiltInView[];
  "schedule.setBuiltIn": (change: { name: string; change: BuiltInChange }) => BuiltInView;

  "listener.list": (input: null) => ListenerView[];
  "listener.get": (id: string) => ListenerView;
  /** With the secret of a hook, the only time that it is shown. */
  "listener.add": (input: ListenerInput) => Promise<ListenerMade>;
  "listener.update": (change: { id: string; patch: ListenerPatch }) => ListenerView;
  "listener.delete": (id: string) => Promise<ListenerView>;
  /** `secret` null: one is made. */
  "listener.rotate": (change: { id: string; secret: string | null }) => Promise<ListenerMade>;
  "listener.test": (change: { id: string; input: TestInput }) => Promise<TestResult>;
  "listener.firings": (query: { id: string; query: FiringQuery }) => FiringPage;
  /** What a service posted to an address of a hook: verified here, refused as `unauthorized`. */
  "listener.receive": (request: HookRequest) => Promise<HookAnswer>;

  "tasks.begin": (task: ApiTask) => ApiTaskBegun;
  /** As it is at its end, or after `waitMs` (at most 100,000). */
  "tasks.ended": (wait: { id: string; waitMs: number }) => Promise<TaskView>;
  /** With its steps. */
  "tasks.get": (id: string) => TaskDetail;
  "tasks.list": (query: TaskQuery) => TaskPage;
  /** What came of one call of a turn or task, by its id. */
  "calls.output": (id: string) => CallOutput;
  "improvements.status": (input: null) => ImprovementStatus;
  "tasks.cancel": (id: string) => TaskView;

  "plans.add": (plan: ApiPlan) => ApiPlanMade;
  "plans.list": (query: PlanQuery) => PlanPage;
  "plans.get": (id: string) => ExecutionPlan;
  /** Decides about a step, or writes it anew. */
  "plans.change": (change: { id: string; name: string; patch: StepPatch }) => ExecutionPlan;
  /** `revision`: what was looked at. */
  "plans.run": (run: { id: string; approveRest: boolean; revision?: string | undefined }) => ExecutionPlan;
  "plans.cancel": (id: string) => ExecutionPlan;
  "plans.retry": (id: string) => ExecutionPlan;
  "plans.delete": (id: string) => ExecutionPlan;

  "playbooks.list": (input: null) => PlaybookList;
  "playbooks.get": (name: string) => PlaybookView;
  "playbooks.add": (input: PlaybookInput | PlaybookFromPlan) => PlaybookView;
  "playbooks.update": (change: { name: string; patch: PlaybookPatch }) => PlaybookView;
  "playbooks.delete": (name: string) => PlaybookView;
  "playbooks.run": (run: { name: string; variables: Record<string, string> }) => ExecutionPlan;

  "profiles.list": (input: null) => ProfileList;
  "profiles.get": (name: string) => ProfileView;
  "profiles.add": (input: ProfileInput) => ProfileView;
  "profiles.update": (change: { name: string; patch: ProfilePatch }) => ProfileView;
  "profiles.delete": (name: string) => ProfileView;
}

export type OperationName = keyof Signatures;
export type OperationInput<Name extends OperationName = OperationName> = Parameters<Signatures[Name]>[0];
export type OperationOutput<Name extends OperationName = OperationName> = Awaited<ReturnType<Signatures[Name]>>;
export type Operations = {
  [Name in OperationName]: (input: OperationInput<Name>) => OperationOutput<Name> | Promise<OperationOutput<Name>>;
};

/** Runs one by its name. Own names only: `constructor` and the like are not operations. */
export async function runOperation<Name extends OperationName>(
  operations: Operations,
  name: Name,
  input: OperationInput<Name>,
): Promise<OperationOutput<Name>> {
  if (!Object.hasOwn(operations, name)) throw new MargayError("not_found", "There is no such operation.");
  const run: Operations[Name] = operations[name];
  return run(input);
}
