import { Outcome } from "../../src/agent/shapes.ts";
import { TaskPage, TaskView } from "../../src/tasks/shapes.ts";
import { modelScript } from "../support/model-script.ts";
import { coordinator, worker } from "../support/task-steps.ts";
import { type Bundle, deployment } from "./deployment.ts";
import { ms, percentile, type Row } from "./table.ts";

const EXECUTORS = 5;
/** The model's own time for a step of an executor, milliseconds. The coordinator's model answers at once. */
const MODEL_MS = 1_000;
const WARM_UP = 30;
const TURNS = 100;

/** How soon "are you there?" is answered while five executors work for the same user, against a user who has none. */
export async function benchExecutors(bundle: Bundle): Promise<Row[]> {
  const margay = await deployment(bundle);
  try {
    const [user] = await margay.invite(1);
    if (!user) throw new Error("no user");
    const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
      const headers = { authorization: `Bearer ${user.key}`, "content-type": "application/json" };
      const response = await fetch(`${margay.origin}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
      return response.json();
    };
    const turns = async (count: number): Promise<number[]> => {
      const times: number[] = [];
      for (let index = 0; index < count; index++) {
        if (index % 20 === 0) await call("POST", "/api/v1/chat", { message: "/new" });
        const start = performance.now();
        const outcome = Outcome.parse(await call("POST", "/api/v1/chat", { message: "are you there?" }));
        if (outcome.status !== "done") throw new Error(`a turn ended as ${outcome.status}`);
        times.push(performance.now() - start);
      }
      return times;
    };
    // Each executor step looks something else up, as work does; none ends before the measuring does.
    const steps = Array.from({ length: EXECUTORS * 60 }, (_, n) =>
      worker({ toolCalls: [{ name: "recall", input: { query: `thing number ${n}` } }], delayMs: MODEL_MS }),
    );
    await modelScript(margay.models.url, margay.modelKey).set([coordinator({ text: "Yes.", repeat: true }), ...steps]);
    await turns(WARM_UP);
    const idle = await turns(TURNS);
    for (let n = 0; n < EXECUTORS; n++) TaskView.parse(await call("POST", "/api/v1/tasks", { input: `Work ${n}`, wait_ms: 0 }));
    await new Promise((resolve) => setTimeout(resolve, 2 * MODEL_MS));
    const busy = await turns(TURNS);
    const { tasks } = TaskPage.parse(await call("GET", "/api/v1/tasks?status=running"));
    if (tasks.length !== EXECUTORS) throw new Error(`${tasks.length} executors ran at the end, not ${EXECUTORS}`);
    const [before, during] = [percentile(idle, 0.5), percentile(busy, 0.5)];
    return [
      { name: "turn, nothing in the background, p50", value: ms(before) },
      { name: `turn, ${EXECUTORS} executors at work, p50`, value: ms(during) },
      { name: `turn, ${EXECUTORS} executors at work, p95`, value: ms(percentile(busy, 0.95)) },
      { name: "ratio of the two", value: (during / before).toFixed(2), goal: "≤ 1.5" },
    ];
  } finally {
    await margay.close();
  }
}
