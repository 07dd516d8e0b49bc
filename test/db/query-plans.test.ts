import { expect, test } from "vitest";
import { ApprovalStore } from "../../src/db/object/approvals.ts";
import { ListenerEventStore } from "../../src/db/object/listener-events.ts";
import { MessageStore } from "../../src/db/object/messages.ts";
import { TaskStore } from "../../src/db/object/tasks.ts";
import { UploadUses } from "../../src/db/object/upload-uses.ts";
import { objectStorage } from "../support/object-storage.ts";

test.each<[string, (sql: SqlStorage) => unknown, RegExp]>([
  [
    "the files that a task wrote are found by its own calls",
    (sql) => new TaskStore(sql).written("t"),
    /tool_call_by_tool|SCAN (?!json_each)/,
  ],
  ["listeners are looked at for what is due", (sql) => new ListenerEventStore(sql).dueListeners(1), /SCAN/],
  ["questions of a turn are found by it", (sql) => new ApprovalStore(sql).ofTurn("t"), /SCAN/],
  [
    "a file is looked for in messages that have some",
    (sql) => new MessageStore(sql).hasFile("k"),
    /SCAN message(?! USING INDEX message_with_file)/,
  ],
  [
    "uploads are looked for in messages that have files",
    (sql) => new UploadUses(sql).used(["k"]),
    /SCAN message(?! USING INDEX message_with_file)/,
  ],
])("%s, however much there is", (_, ask, never) => {
  const { sql } = objectStorage();
  const plans: string[] = [];
  const told = Object.create(sql, {
    exec: {
      value: (query: string, ...bindings: (string | number)[]) => {
        for (const { detail } of sql.exec(`EXPLAIN QUERY PLAN ${query}`, ...bindings)) plans.push(String(detail));
        return sql.exec(query, ...bindings);
      },
    },
  });
  ask(told);
  expect(plans.length).toBeGreaterThan(0);
  for (const plan of plans) expect(plan).not.toMatch(never);
});
