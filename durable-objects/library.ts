import type { Operations } from "../src/agent/operations.ts";
import type { Configuration } from "../src/agent/configuration.ts";
import { userRecord } from "../src/db/user-record.ts";
import { memoryDatabase } from "../src/db/memory-database.ts";
import type { MessageStore } from "../src/db/object/messages.ts";
import type { NewAuditEntry } from "../src/db/object/audit.ts";
import { RecordOps } from "../src/db/object/record-ops.ts";
import type { SettingStore } from "../src/db/object/settings.ts";
import type { Egress } from "../src/egress/client.ts";
import { MargayError } from "../src/errors.ts";
import { log } from "../src/log.ts";
import type { AgentModels } from "../src/models/agent-models.ts";
import type { Connections } from "../src/models/connections.ts";
import { RecordSync } from "../src/memory/record-sync.ts";
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
  timeZone(): string;
  newId(): string;
}

const absent = (): never => {
  throw new MargayError("not_found", "This is not here yet.");
};

/** Wires memory, knowledge, the search index and imports: what a user's agent knows. No rule lives here. */
export function createLibrary(deps: LibraryDeps) {
  const { host } = deps;
  const { sql } = host.storage;
  const record = userRecord(() => memoryDatabase(host.env, host.userId), host.userId);
  const ops = new RecordOps(sql);
  const sync = new RecordSync({
    record,
    ops,
    // Each table's store answers for its own rows.
    read: () => null,
    log,
  });

  const operations: Operations = {
    // Memory
    "memory.list": absent,
    "memory.get": absent,
    "memory.add": absent,
    "memory.update": absent,
    "memory.forget": absent,
    "memory.status": absent,
    "memory.recall": absent,
    "memory.export": absent,
    // Knowledge
    "knowledge.documents": absent,
    "knowledge.document": absent,
    "knowledge.add": absent,
    "knowledge.update": absent,
    "knowledge.delete": absent,
    "knowledge.retry": absent,
    "knowledge.chunks": absent,
    "knowledge.search": absent,
    "knowledge.collections": absent,
    "knowledge.addCollection": absent,
    "knowledge.renameCollection": absent,
    "knowledge.deleteCollection": absent,
    // Context
    "context.of": absent,
    // Imports
    "import.plan": absent,
    "import.run": absent,
    "import.report": absent,
  };
  return { operations, sync, record };
}
