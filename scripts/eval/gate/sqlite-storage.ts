import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { onlyThis } from "./only-this.ts";

type Row = Record<string, SqlStorageValue>;

export interface SqliteStorage {
  readonly storage: DurableObjectStorage;
  /** Remembers what is stored now. Once. */
  keep(): void;
  /** Makes it what was kept: making tables anew costs more than a whole case. */
  restore(): void;
}

/**
 * A Durable Object's SQLite in memory, for plain Node: `sql.exec` and `transactionSync`, which is all that the agent uses. Every call makes an empty one. Rows are read
 * at once, where workerd reads them as they are asked for.
 */
export function sqliteStorage(): SqliteStorage {
  const database = new DatabaseSync(":memory:");
  const statements = new Map<string, StatementSync>();
  const prepared = (query: string): StatementSync => {
    const known = statements.get(query);
    if (known) return known;
    const made = database.prepare(query);
    statements.set(query, made);
    return made;
  };
  const sql = onlyThis<SqlStorage>("SqlStorage", {
    exec<T extends Row>(query: string, ...bindings: unknown[]): SqlStorageCursor<T> {
      const rows = prepared(query).all(...bindings.map(bound));
      const writes = /^\s*(?:insert|update|delete|replace)\b/i.test(query);
      const written = writes ? Number(prepared("SELECT changes() AS n").get()?.["n"] ?? 0) : 0;
      return new Cursor<T>(rows, written);
    },
  });
  let depth = 0;
  const storage = onlyThis<DurableObjectStorage>("DurableObjectStorage", {
    sql,
    // A transaction within another ends with it, and can be undone alone.
    transactionSync<T>(closure: () => T): T {
      const name = `nested_${depth}`;
      database.exec(`SAVEPOINT ${name}`);
      depth++;
      try {
        const result = closure();
        database.exec(`RELEASE ${name}`);
        return result;
      } catch (error) {
        database.exec(`ROLLBACK TO ${name}; RELEASE ${name}`);
        throw error;
      } finally {
        depth--;
      }
    },
  });
  return {
    storage,
    keep: () => database.exec("SAVEPOINT kept"),
    restore: () => database.exec("ROLLBACK TO kept"),
  };
}

class Cursor<T extends Row> implements SqlStorageCursor<T> {
  readonly columnNames: string[];
  readonly #rows: T[];
  #next = 0;

  constructor(
    rows: readonly Record<string, SQLOutputValue>[],
    readonly rowsWritten: number,
  ) {
    this.columnNames = Object.keys(rows[0] ?? {});
    this.#rows = rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, given(value)])) as T);
  }

  get rowsRead(): number {
    return this.#rows.length;
  }

  next(): IteratorResult<T, undefined> {
    const value = this.#rows[this.#next++];
    return value === undefined ? { done: true, value: undefined } : { done: false, value };
  }

  toArray(): T[] {
    return [...this];
  }

  one(): T {
    const [only, ...more] = this.toArray();
    if (only === undefined || more.length > 0) throw new Error("expected exactly one row");
    return only;
  }

  *raw<U extends SqlStorageValue[]>(): IterableIterator<U> {
    for (const row of this) yield Object.values(row) as U;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let row = this.next(); !row.done; row = this.next()) yield row.value;
  }
}

/** A value as `node:sqlite` takes it. */
function bound(value: unknown): SQLInputValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value instanceof Uint8Array) return value;
  throw new Error(`a ${typeof value} cannot be stored`);
}

/** A value as a Durable Object gives it. */
function given(value: SQLOutputValue): SqlStorageValue {
  if (typeof value === "bigint") return Number(value);
  return value instanceof Uint8Array ? value.slice().buffer : value;
}
