import { understandDate } from "../../dates/understand-date.ts";
import { MargayError } from "../../errors.ts";
import { matchesSearch, matchTitle } from "../../tools/todos/match-todo.ts";
import type { TodoPort } from "../../tools/todos/todo-port.ts";
import { Todo, type TodoInput, type TodoPatch, type TodoQuery } from "../../tools/todos/todo.ts";

/** How many open to-dos a user may have. */
export const MAX_OPEN_TODOS = 5_000;
/** How long a deleted to-do can be taken back. */
export const DELETED_KEPT_MS = 30 * 86_400_000;

/**
 * The user's to-dos. `seq` orders what was made in one millisecond; `priority` 1 is p1; `due_at` without `due_has_time` is the last millisecond of that day in `time_zone`;
 * `call_key` is the tool call that made the row, so that a repeated call makes no second one.
 */
export const todosSchema: string[] = [
  `CREATE TABLE todo (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    notes TEXT NOT NULL,
    priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 4),
    due_at INTEGER,
    due_has_time INTEGER NOT NULL,
    time_zone TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'done')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    completed_at INTEGER,
    deleted_at INTEGER,
    call_key TEXT UNIQUE
  ) STRICT`,
  `CREATE INDEX todo_open ON todo (due_at IS NULL, due_at, priority, created_at, seq) WHERE status = 'open' AND deleted_at IS NULL`,
  `CREATE INDEX todo_done ON todo (completed_at DESC, seq) WHERE status = 'done' AND deleted_at IS NULL`,
  `CREATE INDEX todo_deleted ON todo (deleted_at) WHERE deleted_at IS NOT NULL`,
];

type Row = Record<string, SqlStorageValue>;

const OPEN = "SELECT * FROM todo WHERE status = 'open' AND deleted_at IS NULL ORDER BY due_at IS NULL, due_at, priority, created_at, seq";
const DONE = "SELECT * FROM todo WHERE status = 'done' AND deleted_at IS NULL ORDER BY completed_at DESC, seq";

export interface TodoDeps {
  sql: SqlStorage;
  /** UTC milliseconds. */
  now(): number;
  newId(): string;
  /** The user's IANA zone. */
  timeZone(): string;
  /** Hears of every write of one that has a due date. */
  dated?(): void;
}

/** The user's to-dos, in their object's SQLite. */
export class TodoStore implements TodoPort {
  readonly #deps: TodoDeps;
  constructor(deps: TodoDeps) {
    this.#deps = deps;
  }

  list(query: TodoQuery): Todo[] {
    const found: Todo[] = [];
    const sources = query.status === "all" ? [OPEN, DONE] : [query.status === "open" ? OPEN : DONE];
    for (const source of sources) {
      // Titles are compared with accents folded, which SQLite cannot do; the cursor stops as soon as enough are found.
      for (const row of this.#deps.sql.exec<Row>(source)) {
        if (found.length >= query.limit) return found;
        const todo = todoOf(row);
        if (query.search === undefined || matchesSearch(todo, query.search)) found.push(todo);
      }
    }
    return found;
  }

  numbers(): ReadonlyMap<string, number> {
    const numbers = new Map<string, number>();
    for (const { id } of this.#deps.sql.exec<{ id: string }>(OPEN.replace("*", "id"))) numbers.set(id, numbers.size + 1);
    return numbers;
  }

  find(reference: string): Todo {
    const wanted = reference.trim().replace(/^(?:#|no\.?\s|number\s)\s*/i, "");
    const exact = this.#get(wanted);
    if (exact) return exact;
    if (/^\d{1,4}$/.test(wanted)) {
      const open = this.#rows(OPEN);
      const numbered = open[Number(wanted) - 1];
      if (numbered) return numbered;
      const titled = matchTitle(open, wanted);
      if (titled.length !== 1) throw new MargayError("not_found", `There is no to-do number ${wanted}; the list has ${open.length}.`);
    }
    if (/^[0-9a-f-]{6,36}$/i.test(wanted)) {
      const byPrefix = this.#rows(
        "SELECT * FROM todo WHERE id >= ? AND id < ? AND deleted_at IS NULL LIMIT 6",
        wanted.toLowerCase(),
        `${wanted.toLowerCase()}~`,
      );
      if (byPrefix.length > 0) return only(byPrefix, wanted);
    }
    const open = matchTitle(this.#rows(OPEN), wanted);
    return only(open.length > 0 ? open : matchTitle(this.#rows(`${DONE} LIMIT 1000`), wanted), wanted);
  }

  add(input: TodoInput, { key, saidAt, tainted = false }: { key?: string; saidAt?: number; tainted?: boolean } = {}): Todo {
    if (key !== undefined) {
      const made = this.#deps.sql.exec<Row>("SELECT * FROM todo WHERE call_key = ?", key).toArray()[0];
      if (made) return todoOf(made);
    }
    this.#checkRoom();
    const now = this.#deps.now();
    const todo: Todo = {
      id: this.#deps.newId(),
      title: input.title,
      notes: input.notes,
      priority: input.priority,
      ...this.#due(input.due ?? null, saidAt),
      status: "open",
      createdAt: now,
      updatedAt: now,
      completedAt: null,
      tainted,
    };
    this.#write(todo, key ?? null);
    return todo;
  }

  update(id: string, patch: TodoPatch, { saidAt, tainted }: { saidAt?: number; tainted?: boolean } = {}): Todo {
    const before = this.#existing(id);
    const now = this.#deps.now();
    const { due, status, ...fields } = patch;
    const changed: Todo = { ...before, ...defined(fields), ...(due === undefined ? {} : this.#due(due, saidAt)), updatedAt: now };
    // Words that the user put there themself, in the place of all others, are theirs.
    const theirs = tainted !== true && patch.title !== undefined && (patch.notes !== undefined || before.notes === "");
    changed.tainted = !theirs && (before.tainted || tainted === true);
    if (status !== undefined && status !== before.status) {
      if (status === "open") this.#checkRoom();
      changed.status = status;
      changed.completedAt = status === "done" ? now : null;
    }
    this.#write(changed, null);
    return changed;
  }

  delete(id: string): Todo {
    const todo = this.#existing(id);
    const now = this.#deps.now();
    this.#deps.sql.exec("UPDATE todo SET deleted_at = ? WHERE id = ?", now, id);
    this.#deps.sql.exec("DELETE FROM todo WHERE deleted_at < ?", now - DELETED_KEPT_MS);
    return todo;
  }

  current(id: string): Todo | null {
    return this.#get(id);
  }

  restore(before: Todo): Todo {
    if (before.status === "open" && this.#get(before.id)?.status !== "open") this.#checkRoom();
    this.#write(before, null);
    return before;
  }

  #checkRoom(): void {
    const { count } = this.#deps.sql
      .exec<{ count: number }>("SELECT count(*) AS count FROM todo WHERE status = 'open' AND deleted_at IS NULL")
      .one();
    if (count >= MAX_OPEN_TODOS)
      throw new MargayError(
        "conflict",
        `You have ${MAX_OPEN_TODOS.toLocaleString("en-US")} open to-dos, which is as many as fit. Complete or delete some first.`,
      );
  }

  #due(due: string | null, saidAt: number = this.#deps.now()): Pick<Todo, "dueAt" | "dueHasTime" | "timeZone"> {
    const timeZone = this.#deps.timeZone();
    if (due === null) return { dueAt: null, dueHasTime: false, timeZone };
    const understood = understandDate(due, { now: saidAt, timeZone });
    if (understood.at !== null) return { dueAt: understood.at, dueHasTime: understood.hasTime, timeZone };
    if (understood.question !== undefined) throw new MargayError("invalid_request", understood.question, { due: understood.kind });
    throw new MargayError("invalid_request", `I do not understand “${due}” as a date. When is it due?`, { due: "none" });
  }

  #get(id: string): Todo | null {
    const row = this.#deps.sql.exec<Row>("SELECT * FROM todo WHERE id = ? AND deleted_at IS NULL", id).toArray()[0];
    return row ? todoOf(row) : null;
  }

  #existing(id: string): Todo {
    const todo = this.#get(id);
    if (!todo) throw new MargayError("not_found", "There is no such to-do.");
    return todo;
  }

  #rows(query: string, ...bindings: SqlStorageValue[]): Todo[] {
    return this.#deps.sql
      .exec<Row>(query, ...bindings)
      .toArray()
      .map(todoOf);
  }

  /** Writes all of it, live; an existing row keeps the key it was made with. */
  #write(todo: Todo, key: string | null): void {
    this.#deps.sql.exec(
      `INSERT INTO todo (id, title, notes, priority, due_at, due_has_time, time_zone, status, created_at, updated_at, completed_at, tainted, call_key)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET title = excluded.title, notes = excluded.notes, priority = excluded.priority, due_at = excluded.due_at,
         due_has_time = excluded.due_has_time, time_zone = excluded.time_zone, status = excluded.status, updated_at = excluded.updated_at,
         completed_at = excluded.completed_at, tainted = excluded.tainted, deleted_at = NULL`,
      todo.id,
      todo.title,
      todo.notes,
      Number(todo.priority.slice(1)),
      todo.dueAt,
      todo.dueHasTime ? 1 : 0,
      todo.timeZone,
      todo.status,
      todo.createdAt,
      todo.updatedAt,
      todo.completedAt,
      todo.tainted ? 1 : 0,
      key,
    );
    if (todo.dueAt !== null) this.#deps.dated?.();
  }
}

const todoOf = (row: Row): Todo =>
  Todo.parse({
    id: row["id"],
    title: row["title"],
    notes: row["notes"],
    priority: `p${Number(row["priority"])}`,
    dueAt: row["due_at"],
    dueHasTime: row["due_has_time"] === 1,
    timeZone: row["time_zone"],
    status: row["status"],
    createdAt: row["created_at"],
    updatedAt: row["updated_at"],
    completedAt: row["completed_at"],
    tainted: row["tainted"] === 1,
  });

function only(todos: readonly Todo[], wanted: string): Todo {
  const [first, second] = todos;
  if (first && !second) return first;
  if (!first) throw new MargayError("not_found", `No to-do matches “${wanted}”.`);
  const named = todos.slice(0, 5).map(({ title, id }) => `“${title}” (${id.slice(0, 8)})`);
  const more = todos.length > 5 ? ` and ${todos.length - 5} more` : "";
  throw new MargayError("conflict", `${todos.length} to-dos match “${wanted}”: ${named.join(", ")}${more}. Which one?`, {
    ids: todos.slice(0, 5).map(({ id }) => id),
  });
}

/** Fields that are set; an absent one must not overwrite. */
const defined = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
