import { expect, test } from "vitest";
import { onlyThis } from "../../scripts/eval/gate/only-this.ts";
import { PlanStore } from "../../src/db/object/plans.ts";
import { TaskStore } from "../../src/db/object/tasks.ts";
import { objectStorage } from "../support/object-storage.ts";

/** The steps by which SQLite carries out what is asked of it. */
function planned(ask: (sql: SqlStorage) => void): string[] {
  const { sql } = objectStorage();
  const steps: string[] = [];
  ask(
    onlyThis<SqlStorage>("SqlStorage", {
      exec<T extends Record<string, SqlStorageValue>>(query: string, ...values: unknown[]) {
        steps.push(...[...sql.exec(`EXPLAIN QUERY PLAN ${query}`, ...values)].map(({ detail }) => String(detail)));
        return sql.exec<T>(query, ...values);
      },
    }),
  );
  return steps;
}

test("what is open of tasks and plans, asked at the end of every turn, is found without reading those that ended", () => {
  const tasks = planned((sql) => {
    const store = new TaskStore(sql);
    store.count("queued");
    store.nextQueued();
  });
  // Whether what was approved for one runs is looked up by its own calls, and only of one that waits.
  const ofCalls = /^CORRELATED SCALAR SUBQUERY|^SEARCH tool_call USING/;
  expect(tasks).toEqual(tasks.map((step) => (ofCalls.test(step) ? step : expect.stringContaining("USING INDEX task_open"))));
  const plans = planned((sql) => {
    const store = new PlanStore(sql);
    store.countUnderWay();
    store.countProposed();
    store.underWay();
  });
  expect(plans).toEqual(plans.map(() => expect.stringContaining("USING INDEX plan_open")));
});
