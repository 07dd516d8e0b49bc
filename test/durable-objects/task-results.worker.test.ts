import { expect, test } from "vitest";
import { testUser } from "../support/agent-client.ts";
import { worker } from "../support/task-steps.ts";
import { asWorker, begin, ended, operation } from "../support/task-user.ts";

test("a task whose answer is to fit a shape is corrected once, gives the answer, and says which file is not there", async () => {
  const user = await testUser();
  await operation(user, "files.write", { path: "/uploads/b.csv", bytes: new TextEncoder().encode("n,eur\n1,7\n2,5"), mime: "text/csv" });
  const expects = { type: "object", properties: { total: { type: "number" }, file: { type: "string" } }, required: ["total"] };
  await user.model.set([
    worker({ toolCalls: [{ name: "read_file", input: { path: "/uploads/b.csv" } }] }),
    worker({ text: "The total is 12." }),
    worker({ text: '{"total": 12, "file": "/outputs/none.md"}' }),
  ]);
  const task = await ended(user, await begin(user, { input: "add it up", profile: "files", expects }));
  expect(task).toMatchObject({
    status: "done",
    answer: { total: 12, file: "/outputs/none.md" },
    notes: ["There is no file /outputs/none.md."],
  });
  const [first = "", , third = ""] = await asWorker(user);
  expect(first).toContain("end with JSON alone");
  expect(third).toContain("is to be JSON alone, and it is not");
  await expect(begin(user, { input: "x", expects: { type: "string", pattern: "(a+)+$" } })).rejects.toMatchObject({
    code: "invalid_request",
  });
});
