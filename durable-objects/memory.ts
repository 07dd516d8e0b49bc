import type { OperationName, Operations } from "../src/agent/operations.ts";
import { ForgottenStore } from "../src/db/object/forgotten.ts";
import { MemoryStore } from "../src/db/object/memories.ts";
import type { RecordOps } from "../src/db/object/record-ops.ts";
import { TaskStore } from "../src/db/object/tasks.ts";
import { log } from "../src/log.ts";
import { Exchange } from "../src/memory/exchange.ts";
import { extractByModel } from "../src/memory/extract-model.ts";
import { extractByRules } from "../src/memory/extract-rules.ts";
import { type By, Memory } from "../src/memory/memory.ts";
import { QuietPass } from "../src/memory/quiet-pass.ts";
import type { RecordSync } from "../src/memory/record-sync.ts";
import type { UserRecord } from "../src/memory/record.ts";
import type { SearchIndex } from "../src/memory/search.ts";
import { remembered } from "../src/tools/memory/remembered.ts";
import { ownModel } from "../src/models/own-model.ts";
import type { LibraryDeps } from "./library.ts";

interface Shared {
  record: UserRecord;
  ops: RecordOps;
  sync: RecordSync;
  index: SearchIndex;
  redact(texts: readonly { text: string; quote: string | null }[]): number;
  inSkills(texts: readonly { text: string; quote: string | null }[]): string[];
  /** Where a piece of a document is from; null: it is not there. */
  citation(chunkId: string): string | null;
  /** Something is left to do soon. */
  wake(): void;
}

/** On whose account it reads what was said. */
const AGENT = "memory";

/** A call of a person or their program. */
const USER: By = { actor: "user", channel: "web" };

/** Wires what is remembered about the user. No rule lives here. */
export function createMemory({ host, ...deps }: LibraryDeps, { record, ops, sync, index, redact, inSkills, citation, wake }: Shared) {
  const { now, storage } = host;
  const { messages, models, settings, transaction, timeZone, newId, audit } = deps;
  const store = new MemoryStore({ sql: storage.sql, ops, newId });
  const tasks = new TaskStore(storage.sql);
  const exchange = new Exchange({ messages, timeZone, runningTurn: deps.runningTurn });
  const memory = new Memory({
    store,
    forgotten: new ForgottenStore(storage.sql),
    index,
    record,
    sync,
    settings,
    redact,
    inSkills,
    // An executor keeps what it was told, and what it read, until its task has ended.
    busy: () => deps.runningTurn() !== null || tasks.underWay(),
    place: (hit) => {
      if (hit.space === "archive") return exchange.place(hit);
      const from = citation(hit.id);
      // Nobody vouches for what a document says.
      return from === null ? null : { id: hit.id, text: hit.text, from, tainted: true };
    },
    audit,
    transaction,
    background: (work) => host.background(work),
    wake,
    now,
    timeZone,
  });
  const quiet = new QuietPass({
    messages,
    memory,
    store,
    settings,
    extractor() {
      const model = ownModel(models, AGENT, newId);
      return model === null ? extractByRules : extractByModel({ model: () => model, timeZone, now });
    },
    scrub: deps.scrub,
    audit,
    transaction,
    log,
    now,
  });
  const operations: Pick<Operations, Extract<OperationName, `memory.${string}`>> = {
    "memory.list": (query) => memory.list(query),
    "memory.get": (id) => memory.get(id),
    "memory.add": (input) => memory.write(input, USER),
    "memory.update": ({ id, patch }) => memory.update(id, patch, USER),
    "memory.forget": (id) => memory.forget(id, USER),
    "memory.status": () => memory.status(),
    "memory.recall": ({ text, limit }) => memory.recall(text, { limit }),
    "memory.export": () => memory.export(),
  };
  return { memory, quiet, store, operations, port: remembered({ memory, store, messages, now }) };
}
