import { AutomaticRecall } from "../src/agent/automatic-recall.ts";
import { Compaction } from "../src/agent/compaction.ts";
import { contextOf } from "../src/agent/context-view.ts";
import { ContextWindow } from "../src/agent/context-window.ts";
import type { Knows } from "../src/agent/deps.ts";
import type { OperationName, Operations } from "../src/agent/operations.ts";
import type { Configuration } from "../src/agent/configuration.ts";
import type { FileRef } from "../src/channels/message.ts";
import { userRecord } from "../src/db/user-record.ts";
import { memoryDatabase } from "../src/db/memory-database.ts";
import type { MessageStore } from "../src/db/object/messages.ts";
import type { NewAuditEntry } from "../src/db/object/audit.ts";
import { ContextRecordStore } from "../src/db/object/context-records.ts";
import { PageCacheStore } from "../src/db/object/page-cache.ts";
import { rewriteQuotes } from "../src/db/object/quoting-tables.ts";
import { RecordOps } from "../src/db/object/record-ops.ts";
import { ObjectSearchIndex } from "../src/db/object/search-index.ts";
import { SkillStore } from "../src/db/object/skills.ts";
import { SummaryStore } from "../src/db/object/summaries.ts";
import type { SettingStore } from "../src/db/object/settings.ts";
import type { UsageStore } from "../src/db/object/usage.ts";
import type { Egress } from "../src/egress/client.ts";
import { type Env, settingsOf } from "../src/env.ts";
import { log } from "../src/log.ts";
import type { AgentModels } from "../src/models/agent-models.ts";
import type { Connections } from "../src/models/connections.ts";
import { Archive } from "../src/memory/archive.ts";
import { localEmbedder } from "../src/memory/embedders/local.ts";
import { chooseEmbedder } from "../src/memory/embedders/registry.ts";
import type { Embedder } from "../src/memory/embedder.ts";
import { VectorizeVectors } from "../src/memory/vectors/vectorize.ts";
import { forgetWords } from "../src/memory/forget-words.ts";
import { Redaction } from "../src/memory/redaction.ts";
import { forgetInSkills } from "../src/skills/forget-in-skills.ts";
import { catchUp, compactAll, embedAll, LibraryWork } from "../src/memory/library-work.ts";
import type { RecordRow, RecordTable } from "../src/memory/record.ts";
import { RecordSync } from "../src/memory/record-sync.ts";
import { createImports } from "./imports.ts";
import { createKnowledge } from "./knowledge.ts";
import { createMemory } from "./memory.ts";
import { createWorkspace, type FilesDeps } from "./workspace.ts";
import type { Host } from "./parts.ts";

/** What the library needs of the other parts. */
export interface LibraryDeps {
  host: Host;
  messages: MessageStore;
  settings: SettingStore;
  configuration: Configuration;
  connections: Connections;
  models: AgentModels;
  egress: Egress;
  audit(entry: NewAuditEntry): void;
  transaction<T>(work: () => T): T;
  /** The turn that runs now; null: none. */
  runningTurn(): string | null;
  /** Messages are other than they were: what keeps them in memory looks again. */
  messagesChanged(ids: readonly string[]): void;
  /** Takes stored secrets out of texts. */
  scrub(texts: readonly string[]): Promise<string[]>;
  /** One of the user's files is new, or has new content. */
  fileAdded: FilesDeps["added"];
  usage: UsageStore;
  timeZone(): string;
  newId(): string;
}

/** The embedder of this deployment. */
function embedderOf(env: Env): Embedder {
  const { settings } = settingsOf(env);
  const {
    OPENAI_API_KEY: apiKey,
    OPENAI_BASE_URL: baseUrl = "https://api.openai.com/v1",
    EMBEDDING_MODEL: model = "text-embedding-3-small",
  } = settings;
  return chooseEmbedder(settings.EMBEDDINGS ?? (env.AI ? "workers-ai" : "local"), {
    ...(env.AI ? { ai: env.AI } : {}),
    ...(settings.AI_GATEWAY === undefined ? {} : { gateway: settings.AI_GATEWAY }),
    ...(apiKey === undefined && settings.OPENAI_BASE_URL === undefined
      ? {}
      : { openAi: { baseUrl, model, ...(apiKey === undefined ? {} : { apiKey }), fetch: (input, init) => fetch(input, init) } }),
  });
}

/** The operations of what a user's agent knows and keeps. */
export type LibraryOperations = Pick<
  Operations,
  Extract<OperationName, `${"memory" | "knowledge" | "context" | "import" | "files"}.${string}`>
>;

/** Until what was begun and could not be finished is taken up again. */
const SOON_MS = 30_000;
/** After a turn: by then the conversation may be over. */
const AFTER_TURN_MS = 120_000;

/** Wires memory, knowledge, the search index, imports and files: what a user's agent knows and keeps. No rule lives here. */
export function createLibrary(deps: LibraryDeps) {
  const { host } = deps;
  const { sql } = host.storage;
  const record = userRecord(() => memoryDatabase(host.env, host.userId), host.userId);
  const ops = new RecordOps(sql);
  const sync = new RecordSync({
    record,
    ops,
    // Each table's store answers for its own rows.
    read: (table, id) => rowOf[table](id),
    log,
  });

  const rowOf: Record<RecordTable, (id: string) => RecordRow | null> = {
    memory: (id) => memory.store.record(id),
    document: (id) => documents.documents.record(id),
    collection: (id) => documents.collections.record(id),
  };

  const { messages, settings, transaction, timeZone } = deps;
  const { now } = host;
  const embedder = embedderOf(host.env);
  const index = new ObjectSearchIndex({
    sql,
    embedder: () => embedder,
    ...(host.env.VECTORS ? { vectors: new VectorizeVectors(host.env.VECTORS, host.userId) } : {}),
  });
  const files = createWorkspace({ ...deps, added: deps.fileAdded });
  const documents = createKnowledge(deps, {
    record,
    ops,
    index,
    flush: () => sync.flush(),
    indexed: () => soon(),
    fileGone: (key) => files.bytesGone(key),
  });
  const archive = new Archive({ index, messages, settings, transaction, now });
  const summaries = new SummaryStore(sql);
  const contextRecords = new ContextRecordStore(sql);
  const window = new ContextWindow({ messages, settings, summaries, transaction, now });
  /** How often words were taken out: what a model read before is not written after. */
  let redactions = 0;
  const compaction = new Compaction({
    redactions: () => redactions,
    summaries,
    messages,
    model: () =>
      deps.models.name("fast").startsWith("offline/")
        ? null
        : { model: deps.models.model({ tier: "fast", turnId: "compaction", onNotice: () => undefined }), name: deps.models.name("fast") },
    timeZone,
    now,
    log,
  });
  const redact = (texts: readonly { text: string; quote: string | null }[]): number =>
    forgetWords(texts, {
      messages,
      rewriteQuotes(rewrite) {
        summaries.forget();
        redactions++;
        return rewriteQuotes(sql, rewrite);
      },
      purge() {
        index.purge(["memory", "archive"]);
        messages.purge();
      },
      transaction,
      changed: deps.messagesChanged,
    });
  const skills = new SkillStore(sql);
  const memory = createMemory(deps, {
    inSkills: (texts) => forgetInSkills(new Redaction(texts), skills, transaction),
    record,
    ops,
    sync,
    index,
    redact,
    citation: (chunkId) => documents.recalled(chunkId),
    wake: () => soon(),
  });
  const work = new LibraryWork({
    steps: [
      { name: "memory", run: () => memory.memory.upkeep() },
      { name: "archive", run: () => catchUp(archive) },
      { name: "imports", run: () => imports.work().then(() => null) },
      { name: "vectors", run: () => embedAll(index) },
      { name: "conversation", run: () => memory.quiet.run() },
      { name: "compaction", run: () => compactAll(compaction) },
    ],
    due: () => memory.memory.unfinished() || memory.quiet.due() || index.progress().embedded < index.progress().entries,
    wakeAt: (time) => host.background(host.wakeAt({ id: "library", fn: "library", time })),
    log,
    now,
  });
  const soon = (): void => work.planAt(now() + SOON_MS);
  const automatic = new AutomaticRecall({
    index,
    archive,
    relevant: (text, budget) => memory.memory.relevant(text, budget),
    meaningCounts: () => embedder !== localEmbedder,
    scope: (conversationId) => documents.scopeOf(conversationId),
    citation: (chunkId) => documents.knowledge.citation(chunkId),
    messages,
    timeZone,
    now,
    log,
  });
  const knows: Knows = {
    profile: () => memory.memory.profile(),
    recall: (request) => automatic.recall(request),
    record: (made) => contextRecords.put(made),
    recorded: (turnId) => contextRecords.get(turnId),
  };

  const imports = createImports({
    host,
    messages: deps.messages,
    settings: deps.settings,
    configuration: deps.configuration,
    transaction: deps.transaction,
    newId: deps.newId,
    remember: (made) => memory.memory.remember(made),
    knowledge: () => operations,
    inUse: (key) => messages.hasFile(key) || documents.documents.documentOfFile(key) !== null,
    progressed: () => soon(),
  });

  const operations: LibraryOperations = {
    ...memory.operations,
    // Knowledge
    ...documents.operations,
    // Context
    "context.of": (id) =>
      contextOf(id, {
        record: (turnId) => contextRecords.get(turnId),
        turnOf: (messageId) => messages.get(messageId)?.turn_id ?? null,
        memory: (memoryId) => memory.store.get(memoryId)?.text ?? null,
        citation: (chunkId) => documents.knowledge.citation(chunkId),
        message: (messageId) => messages.get(messageId)?.text ?? null,
      }),
    // Imports
    "import.plan": (input) => imports.plan(input),
    "import.run": (id) => imports.run(id),
    "import.report": (id) => imports.report(id),
    ...files.operations,
  };
  return {
    /** Everything of this user outside the object: the record, and vectors where they are elsewhere. */
    async destroy() {
      for (const space of ["memory", "knowledge", "archive"] as const) index.clear(space);
      await index.embed(0);
      await record.clear();
    },
    operations,
    memory,
    work,
    /** What a turn wrote is gone through for what is being forgotten; what it brought is looked at when the conversation is over. */
    turnEnded() {
      memory.memory.turnEnded();
      work.planAt(now() + AFTER_TURN_MS);
    },
    /** Once a day. */
    async tidy(): Promise<void> {
      contextRecords.prune(now());
      new PageCacheStore(sql).prune(now());
      await files.tidy();
    },
    documents,
    /** What tools work on. */
    files: files.port,
    syncFiles: files.syncFiles,
    replyFiles: files.replyFiles,
    forCommands: { knowledge: documents, memory: memory.memory, files: files.port },
    /** Files of a message that is being stored: they are among the user's files, and those that can be read are taken in. Gives where they are, as `filesArrived()`. */
    take(arrived: readonly FileRef[]): Map<string, string | null> {
      documents.take(arrived);
      return files.arrived(arrived);
    },
    imports,
    archive,
    summaries,
    contextRecords,
    window,
    knows,
  };
}
