import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { DELETED_KEPT_MS, MAX_OPEN_TODOS, TodoStore } from "../../../src/db/object/todos.ts";
import { TodoInput, TodoQuery } from "../../../src/tools/todos/todo.ts";

/** Wednesday. */
const NOW = Date.parse("2026-11-18T10:15:00+01:00");
const input = (title: string, rest: Record<string, unknown> = {}) => TodoInput.parse({ title, ...rest });
const query = (rest: Record<string, unknown> = {}) => TodoQuery.parse(rest);

/** Runs with a store of its own, over real SQLite, with a clock that the test moves. */
function withStore(work: (store: TodoStore, clock: { now: number }, sql: SqlStorage) => void): Promise<void> {
  const stub = env.USER_AGENT.getByName(crypto.randomUUID());
  return runInDurableObject(stub, (_, state) => {
    const clock = { now: NOW };
    let ids = 0;
    const newId = (): string => `${String(++ids).padStart(8, "0")}-aaaa`;
    work(new TodoStore({ sql: state.storage.sql, now: () => clock.now, newId, timeZone: () => "Europe/Oslo" }), clock, state.storage.sql);
  });
}

describe("TodoStore", () => {
  test("add() understands the due date in the user's zone", () =>
    withStore((store) => {
      const day = store.add(input("Film the video", { due: "tomorrow", priority: "p1" }));
      expect(day).toMatchObject({
        dueAt: Date.parse("2026-11-19T23:59:59.999+01:00"),
        dueHasTime: false,
        timeZone: "Europe/Oslo",
        priority: "p1",
        status: "open",
      });
      expect(store.add(input("Call", { due: "friday at 15:00" }))).toMatchObject({
        dueAt: Date.parse("2026-11-20T15:00:00+01:00"),
        dueHasTime: true,
      });
      expect(store.list(query())).toEqual([day, expect.objectContaining({ title: "Call" })]);
    }));

  test("add() asks back instead of storing a date that is not clear", () =>
    withStore((store) => {
      expect(() => store.add(input("A", { due: "5/6" }))).toThrow(/can be 2027-06-05 or 2027-05-06/);
      expect(() => store.add(input("A", { due: "banana" }))).toThrow(/“banana”/);
      expect(() => store.add(input("A", { due: "every monday" }))).toThrow(/repeat/);
      expect(store.list(query({ status: "all" }))).toEqual([]);
    }));

  test("add() with the same key makes one to-do", () =>
    withStore((store) => {
      const first = store.add(input("Milk"), { key: "call-1" });
      expect(store.add(input("Milk"), { key: "call-1" })).toEqual(first);
      store.add(input("Milk"), { key: "call-2" });
      expect(store.list(query())).toHaveLength(2);
    }));

  test("list() orders by due date, then priority, and leaves out deleted ones", () =>
    withStore((store, clock) => {
      store.add(input("no date"));
      store.add(input("later", { due: "next week" }));
      store.add(input("urgent", { due: "tomorrow", priority: "p1" }));
      const gone = store.add(input("gone"));
      store.add(input("soon", { due: "tomorrow" }));
      store.delete(gone.id);
      expect(store.list(query()).map(({ title }) => title)).toEqual(["urgent", "soon", "later", "no date"]);
      store.update(store.find("later").id, { status: "done" });
      clock.now += 1000;
      store.update(store.find("soon").id, { status: "done" });
      expect(store.list(query({ status: "done" })).map(({ title }) => title)).toEqual(["soon", "later"]);
      expect(store.list(query({ status: "all", limit: 3 })).map(({ title }) => title)).toEqual(["urgent", "no date", "soon"]);
      expect([...store.numbers().values()]).toEqual([1, 2]);
    }));

  test("list() searches titles and notes without regard to case and accents", () =>
    withStore((store) => {
      store.add(input("Ring Åse på kontoret"));
      store.add(input("Buy milk", { notes: "at the CAFÉ" }));
      expect(store.list(query({ search: "ase KONTOR" }))).toHaveLength(1);
      expect(store.list(query({ search: "cafe" }))).toHaveLength(1);
      expect(store.list(query({ search: "%" }))).toEqual([]);
    }));

  test("find() takes the number shown, an id, its start, or words of the title", () =>
    withStore((store) => {
      const milk = store.add(input("Buy milk"));
      const video = store.add(input("Film the workout video", { due: "tomorrow" }));
      expect(store.find("1").id).toBe(video.id);
      expect(store.find("#2").id).toBe(milk.id);
      expect(store.find(milk.id).id).toBe(milk.id);
      expect(store.find(milk.id.slice(0, 8)).id).toBe(milk.id);
      expect(store.find("the video one").id).toBe(video.id);
      expect(store.find("MILK").id).toBe(milk.id);
      expect(() => store.find("3")).toThrow(/no to-do number 3/);
      expect(() => store.find("bread")).toThrow(/No to-do matches “bread”/);
    }));

  test("find() says which to-dos match when several do, and prefers the same title", () =>
    withStore((store) => {
      store.add(input("Buy milk"));
      store.add(input("Buy milk for Ada"));
      expect(() => store.find("milk")).toThrow(/2 to-dos match “milk”: “Buy milk” \(.+\), “Buy milk for Ada”/);
      expect(store.find("buy milk").title).toBe("Buy milk");
    }));

  test("update() changes only what is named, and completing sets and clears the time", () =>
    withStore((store, clock) => {
      const before = store.add(input("Pay", { due: "friday", priority: "p2", notes: "n" }));
      clock.now += 5;
      expect(store.update(before.id, { title: "Pay rent" })).toEqual({ ...before, title: "Pay rent", updatedAt: NOW + 5 });
      expect(store.update(before.id, { due: null }).dueAt).toBeNull();
      expect(store.update(before.id, { status: "done" }).completedAt).toBe(NOW + 5);
      clock.now += 5;
      expect(store.update(before.id, { status: "done" }).completedAt).toBe(NOW + 5);
      expect(store.update(before.id, { status: "open" })).toMatchObject({ status: "open", completedAt: null });
      expect(() => store.update("nope", { title: "x" })).toThrow(/no such to-do/);
    }));

  test("delete() keeps the row for restore() until its time is over", () =>
    withStore((store, clock, sql) => {
      const before = store.add(input("Milk", { due: "tomorrow" }));
      expect(store.delete(before.id)).toEqual(before);
      expect(() => store.delete(before.id)).toThrow(/no such to-do/);
      expect(() => store.find("milk")).toThrow(/No to-do/);
      expect(store.restore(before)).toEqual(before);
      expect(store.list(query())).toEqual([before]);
      store.delete(before.id);
      clock.now += DELETED_KEPT_MS + 1;
      store.delete(store.add(input("Other")).id);
      expect(sql.exec("SELECT count(*) AS n FROM todo").one()).toEqual({ n: 1 });
    }));

  test("keeps text unchanged, whatever it holds", () =>
    withStore((store) => {
      for (const title of ["Robert'); DROP TABLE todo;--", "🏳️‍🌈 Ṱ̺̺o", "<script>alert(1)</script>", "null", "\u202etest"]) {
        expect(store.list(query({ search: store.add(input(title)).title }))[0]?.title).toBe(title);
      }
    }));

  test("refuses more open to-dos than fit, also by reopening", () =>
    withStore((store, _, sql) => {
      const done = store.update(store.add(input("done")).id, { status: "done" });
      sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MAX_OPEN_TODOS})
         INSERT INTO todo (id, title, notes, priority, due_has_time, time_zone, status, created_at, updated_at) SELECT 'x' || i, 't', '', 4, 0, 'UTC', 'open', 0, 0 FROM n`,
      );
      expect(() => store.add(input("one more"))).toThrow(/5,000 open to-dos/);
      expect(() => store.update(done.id, { status: "open" })).toThrow(/5,000/);
      store.update("x1", { status: "done" });
      expect(store.add(input("one more")).title).toBe("one more");
    }));

  test("uses an index for the lists", () =>
    withStore((_, __, sql) => {
      const plan = sql
        .exec<{ detail: string }>(
          "EXPLAIN QUERY PLAN SELECT * FROM todo WHERE status = 'open' AND deleted_at IS NULL ORDER BY due_at IS NULL, due_at, priority, created_at, seq",
        )
        .toArray();
      expect(plan.map(({ detail }) => detail).join()).toContain("todo_open");
      expect(plan.map(({ detail }) => detail).join()).not.toContain("TEMP B-TREE");
    }));
});
