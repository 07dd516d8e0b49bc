import { expect, test } from "vitest";
import { sqliteStorage } from "../../../scripts/eval/gate/sqlite-storage.ts";

const names = (sql: SqlStorage): unknown[] =>
  sql
    .exec<{ name: string }>("SELECT name FROM t ORDER BY rowid")
    .toArray()
    .map(({ name }) => name);

test("sqliteStorage() gives rows, counts what was written and takes numbered values", () => {
  const {
    storage: { sql },
  } = sqliteStorage();
  sql.exec("CREATE TABLE t (name TEXT, n INTEGER, bytes BLOB) STRICT");
  expect(sql.exec("INSERT INTO t VALUES (?2, ?1, ?3), ('b', 2, NULL)", 1, "a", new Uint8Array([1, 2]).buffer).rowsWritten).toBe(2);
  expect(sql.exec("SELECT name, n FROM t WHERE n = ?", 1).one()).toEqual({ name: "a", n: 1 });
  expect(new Uint8Array(sql.exec<{ bytes: ArrayBuffer }>("SELECT bytes FROM t WHERE n = 1").one().bytes)).toEqual(new Uint8Array([1, 2]));
  expect(() => sql.exec("SELECT * FROM t").one()).toThrow("exactly one");
  expect([...sql.exec("SELECT n FROM t").raw()]).toEqual([[1], [2]]);
  expect(sql.exec("DELETE FROM t WHERE n = 5").rowsWritten).toBe(0);
});

test("sqliteStorage() undoes a transaction that throws, alone where it is within another", () => {
  const { storage } = sqliteStorage();
  storage.sql.exec("CREATE TABLE t (name TEXT) STRICT");
  storage.transactionSync(() => {
    storage.sql.exec("INSERT INTO t VALUES ('outer')");
    expect(() =>
      storage.transactionSync(() => {
        storage.sql.exec("INSERT INTO t VALUES ('inner')");
        throw new Error("no");
      }),
    ).toThrow("no");
  });
  expect(names(storage.sql)).toEqual(["outer"]);
});

test("sqliteStorage() becomes again what was kept, as often as asked", () => {
  const { storage, keep, restore } = sqliteStorage();
  storage.sql.exec("CREATE TABLE t (name TEXT) STRICT");
  keep();
  for (const name of ["a", "b"]) {
    storage.transactionSync(() => storage.sql.exec("INSERT INTO t VALUES (?)", name));
    expect(names(storage.sql)).toEqual([name]);
    restore();
  }
  expect(names(storage.sql)).toEqual([]);
});

test("sqliteStorage() names what is not there", () => {
  const { storage } = sqliteStorage();
  expect(() => storage.get("x")).toThrow("DurableObjectStorage.get is not there");
});
