import { beforeAll, describe, expect, test } from "vitest";
import { ExecutionPlan, PlanPage, PlaybookList, PlaybookView } from "../../src/plans/shapes.ts";
import { type Answer, type Client, codeOf, join, setUp } from "../auth/client.ts";

let ada: Client;
let eve: Client;

beforeAll(async () => {
  const owner = await setUp();
  [ada, eve] = [await join(owner, "Ada"), await join(owner, "Eve")];
}, 60_000);

const todo = (name: string, title: string) => ({ name, title: `Add ${name}`, work: { kind: "tool", tool: "add_todo", input: { title } } });
const TWO = { goal: "Two to-dos", steps: [todo("milk", "Buy milk"), todo("note", "Seen: {{milk}}")] };

/** Nobody here has a model: plans of tools run all the same. */
const make = async (body: unknown = TWO, who: Client = ada): Promise<ExecutionPlan> => {
  const answer = await who.call("POST", "/api/v1/plans", body);
  expect(answer.status).toBe(201);
  return ExecutionPlan.parse(answer.body);
};
const read = async (id: string): Promise<ExecutionPlan> => ExecutionPlan.parse((await ada.call("GET", `/api/v1/plans/${id}`)).body);
const ended = async (id: string): Promise<ExecutionPlan> => {
  await expect.poll(async () => (await read(id)).ended_at).not.toBeNull();
  return read(id);
};
const message = (answer: Answer): string => JSON.stringify(answer.body);

describe("/api/v1/plans", () => {
  test("writes a plan down, runs nothing of it, and shows which step feeds which", async () => {
    const plan = await make();
    expect(plan).toMatchObject({ status: "proposed", origin: "user", tainted: false, playbook: null, cost_micro_usd: 0 });
    expect(plan.steps).toMatchObject([
      { name: "milk", status: "proposed", author: "user", needs: [], will_ask: false },
      { name: "note", status: "proposed", needs: ["milk"] },
    ]);
    const page = PlanPage.parse((await ada.call("GET", "/api/v1/plans?status=open&limit=1")).body);
    expect(page.plans.map(({ id }) => id)).toEqual([plan.id]);
    await ada.call("DELETE", `/api/v1/plans/${plan.id}`);
    expect(codeOf(await ada.call("GET", `/api/v1/plans/${plan.id}`))).toBe("not_found");
  });

  test("runs what was approved, gives results on, and ends", async () => {
    const { id } = await make();
    expect(codeOf(await ada.call("POST", `/api/v1/plans/${id}/run`, {}))).toBe("conflict");
    const running = await ada.call("POST", `/api/v1/plans/${id}/run`, { approve_rest: true });
    expect(running.status).toBe(202);
    const plan = await ended(id);
    expect(plan).toMatchObject({ status: "done", steps: [{ status: "done" }, { status: "done" }] });
    expect(plan.steps[0]?.result).toContain("Buy milk");
    expect(plan.steps[1]?.result).toContain("Seen: {");
    expect(codeOf(await ada.call("POST", `/api/v1/plans/${id}/run`, { approve_rest: true }))).toBe("conflict");
    expect(codeOf(await ada.call("POST", `/api/v1/plans/${id}/cancel`))).toBe("conflict");
  });

  test("skips what needs a rejected step, and takes an edit for the user's own", async () => {
    const { id } = await make({ goal: "g", steps: [...TWO.steps, todo("eggs", "Eggs")] });
    await ada.call("PATCH", `/api/v1/plans/${id}/steps/milk`, { decision: "rejected" });
    const edit = { title: "More eggs", work: { kind: "tool", tool: "add_todo", input: { title: "Ten eggs" } }, decision: "approved" };
    const edited = ExecutionPlan.parse((await ada.call("PATCH", `/api/v1/plans/${id}/steps/eggs`, edit)).body);
    expect(edited.steps.find(({ name }) => name === "eggs")).toMatchObject({ title: "More eggs", status: "approved", author: "user" });
    await ada.call("POST", `/api/v1/plans/${id}/run`, { approve_rest: true });
    const plan = await ended(id);
    expect(Object.fromEntries(plan.steps.map(({ name, status }) => [name, status]))).toEqual({
      milk: "rejected",
      note: "skipped",
      eggs: "done",
    });
    expect(plan.status).toBe("done");
    expect(codeOf(await ada.call("PATCH", `/api/v1/plans/${id}/steps/eggs`, { decision: "rejected" }))).toBe("conflict");
  });

  test("says what is wrong with a plan", async () => {
    const wrong: [unknown, string][] = [
      [{ goal: "g", steps: [todo("a", "x"), todo("a", "y")] }, 'Two steps are called \\"a\\"'],
      [{ goal: "g", steps: [todo("a", "{{b}}")] }, "{{b}}"],
      [{ goal: "g", steps: [todo("a", "{{b}}"), todo("b", "{{a}}")] }, "wait for each other"],
      [{ goal: "g", steps: [{ ...todo("a", "x"), after: ["zz"] }] }, "zz"],
      [{ goal: "g", steps: [{ ...todo("a", "x"), work: { kind: "tool", tool: "no_tool", input: {} } }] }, "no tool called no_tool"],
      [{ goal: "g", steps: [{ ...todo("a", "x"), work: { kind: "tool", tool: "add_todo", input: {} } }] }, "does not take that input"],
      [{ goal: "g", steps: [{ ...todo("a", "x"), work: { kind: "tool", tool: "delegate", input: { task: "x" } } }] }, "cannot be a step"],
      [{ goal: "g", steps: [{ ...todo("a", "x"), work: { kind: "agent", profile: "nobody", input: "x" } }] }, "no profile called nobody"],
      [{ goal: "g", steps: [] }, "steps"],
      [{ goal: "g", steps: [todo("a", "x")], extra: 1 }, "extra"],
    ];
    for (const [body, says] of wrong) {
      const answer = await ada.call("POST", "/api/v1/plans", body);
      expect(answer.status, JSON.stringify(body)).toBe(400);
      expect(message(answer)).toContain(says);
    }
  });

  test("knows a repeat by its key, and shows nobody else's plans", async () => {
    Object.assign(ada.headers, { "idempotency-key": "plan-1" });
    const first = await make();
    const again = await ada.call("POST", "/api/v1/plans", TWO);
    expect(ExecutionPlan.parse(again.body).id).toBe(first.id);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(codeOf(await ada.call("POST", "/api/v1/plans", { ...TWO, goal: "other" }))).toBe("idempotency_conflict");
    delete ada.headers["idempotency-key"];
    for (const [method, path] of [
      ["GET", ""],
      ["DELETE", ""],
      ["POST", "/cancel"],
      ["POST", "/retry"],
    ] as const)
      expect(codeOf(await eve.call(method, `/api/v1/plans/${first.id}${path}`))).toBe("not_found");
    expect(codeOf(await eve.call("POST", `/api/v1/plans/${first.id}/run`, { approve_rest: true }))).toBe("not_found");
  });

  test("tries again what failed, and keeps what is done", async () => {
    const ask = { name: "ask", title: "Ask", work: { kind: "agent", profile: "research", input: "Find {{milk}}" } };
    const { id } = await make({ goal: "g", steps: [todo("milk", "Once"), ask] });
    await ada.call("POST", `/api/v1/plans/${id}/run`, { approve_rest: true });
    const failed = await ended(id);
    expect(failed).toMatchObject({
      status: "failed",
      steps: [{ status: "done" }, { status: "failed", error: { code: "model_unavailable" } }],
    });
    expect(failed.steps[1]).toMatchObject({ task_number: expect.any(Number), tainted: false });
    expect((await ada.call("POST", `/api/v1/plans/${id}/retry`)).status).toBe(202);
    const again = await ended(id);
    expect(again.steps[0]?.result).toBe(failed.steps[0]?.result);
    expect(again.steps[1]?.task_id).not.toBe(failed.steps[1]?.task_id);
  });
});

describe("/api/v1/plans/playbook", () => {
  const OWN = {
    name: "buy",
    title: "Buy a thing",
    goal: "Buy {{thing}}",
    variables: [{ name: "thing" }, { name: "where", default: "the shop" }],
    steps: [todo("add", "Buy {{thing}} at {{where}}")],
  };

  test("keeps playbooks, runs them with variables, and says which one is missing", async () => {
    expect((await ada.call("POST", "/api/v1/plans/playbook", OWN)).status).toBe(201);
    expect(codeOf(await ada.call("POST", "/api/v1/plans/playbook", OWN))).toBe("conflict");
    const none = await ada.call("POST", "/api/v1/plans/playbook/buy/run", {});
    expect(none.status).toBe(400);
    expect(message(none)).toContain("`thing`");
    expect((await ada.call("POST", "/api/v1/plans/playbook/buy/run", { variables: { thing: "x", other: "y" } })).status).toBe(400);
    const run = await ada.call("POST", "/api/v1/plans/playbook/buy/run", { variables: { thing: "a boat {{add}}" } });
    expect(run.status).toBe(202);
    const plan = await ended(ExecutionPlan.parse(run.body).id);
    expect(plan).toMatchObject({ status: "done", playbook: "buy", goal: "Buy a boat { {add}}" });
    expect(plan.steps[0]?.result).toContain("Buy a boat { {add}} at the shop");
    expect(PlaybookView.parse((await ada.call("GET", "/api/v1/plans/playbook/buy")).body)).toMatchObject({ runs: 1, built_in: false });
    expect((await ada.call("PATCH", "/api/v1/plans/playbook/buy", { title: "Buy it" })).status).toBe(200);
    expect((await ada.call("DELETE", "/api/v1/plans/playbook/buy")).status).toBe(200);
    expect(codeOf(await ada.call("GET", "/api/v1/plans/playbook/buy"))).toBe("not_found");
  });

  test("lists Margay's own, which stay as they are", async () => {
    const { playbooks } = PlaybookList.parse((await ada.call("GET", "/api/v1/plans/playbook")).body);
    expect(playbooks.filter(({ built_in }) => built_in).length).toBeGreaterThanOrEqual(5);
    expect(codeOf(await ada.call("DELETE", "/api/v1/plans/playbook/research-brief"))).toBe("forbidden");
    expect(codeOf(await ada.call("PATCH", "/api/v1/plans/playbook/research-brief", { title: "x" }))).toBe("forbidden");
  });

  test("makes one of a plan, with names in the place of texts", async () => {
    const plan = await make({ goal: "Buy milk", steps: [todo("a", "Buy milk today")] });
    const saved = await ada.call("POST", "/api/v1/plans/playbook", {
      plan_id: plan.id,
      name: "again",
      variables: [{ name: "what", text: "milk" }],
    });
    expect(PlaybookView.parse(saved.body)).toMatchObject({
      name: "again",
      goal: "Buy {{what}}",
      steps: [{ work: { input: { title: "Buy {{what}} today" } } }],
      variables: [{ name: "what", default: null }],
    });
  });
});
