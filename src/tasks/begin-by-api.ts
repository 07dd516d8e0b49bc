import type { TaskStore } from "../db/object/tasks.ts";
import { MargayError } from "../errors.ts";
import { scrubKeys } from "../secrets/key-shapes.ts";
import { schemaProblem } from "./checks/shape.ts";
import type { ApiTask, ApiTaskBegun } from "./shapes.ts";
import { taskView } from "./task-view.ts";
import type { Tasks } from "./tasks.ts";

/** Begins a task that a program asks for: `input` is the user's word, `context` is not. The same key with the same body is the same task; with another one it is an `idempotency_conflict`. */
export function beginByApi({ input: asked, key, bodyHash }: ApiTask, { tasks, store }: { tasks: Tasks; store: TaskStore }): ApiTaskBegun {
  const known = store.byKey(`api:${key}`);
  if (known !== null) {
    if (known.bodyHash !== bodyHash)
      throw new MargayError("idempotency_conflict", "This idempotency key was used before with another request.");
    return { task: taskView(known), duplicate: true };
  }
  const problem = asked.expects === undefined ? null : schemaProblem(asked.expects);
  if (problem !== null) throw new MargayError("invalid_request", `expects ${problem}.`);
  const { id } = tasks.start(
    {
      key: `api:${key}`,
      // A key that stands in it goes into no prompt.
      input: scrubKeys(asked.input),
      profile: asked.profile,
      tier: asked.tier ?? null,
      content: asked.context === undefined ? [] : [{ kind: "context", origin: "the request", text: scrubKeys(asked.context) }],
      word: true,
      tainted: false,
      origin: "user",
      replyTo: { channel: "http" },
      taskId: null,
      conversationId: null,
    },
    { title: asked.title, bodyHash, tell: asked.tell, expects: asked.expects },
  );
  const row = store.get(id);
  if (row === null) throw new Error("a task that was begun is not there");
  return { task: taskView(row), duplicate: false };
}
