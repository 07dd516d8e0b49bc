import { expect, test } from "vitest";
import { aTask, START, taskHome } from "../support/task-home.ts";

test("TaskStore counts what a task has used, and writes its row only where a number is another", () => {
  const { tasks, store, sql } = taskHome({ works: false });
  const { id } = tasks.start(aTask({ key: "a" }));
  const written = (work: () => unknown): number => {
    const changes = (): number => Number(sql.exec("SELECT total_changes() AS n").one()["n"]);
    const before = changes();
    work();
    return changes() - before;
  };
  store.recount(id);
  store.putStep({ taskId: id, n: 0, text: "I look.", reply: "{}", at: START });
  expect(written(() => store.recount(id))).toBe(1);
  expect(store.get(id)).toMatchObject({ steps: 1, toolCalls: 0, tokens: 0 });
  expect(written(() => store.recount(id))).toBe(0);
  expect(written(() => store.countGiven(id, 0))).toBe(0);
  expect(written(() => store.countGiven(id, 1))).toBe(1);
  expect(store.get(id)).toMatchObject({ steps: 1, usedGiven: 1 });
});
