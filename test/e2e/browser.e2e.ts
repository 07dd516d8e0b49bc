import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { z } from "zod";
import { ApprovalView } from "../../src/channels/approval-view.ts";
import { type BrowserSite, startBrowserSite } from "../support/browser-site.ts";
import { newState, removeState, startDevServer, until, type DevServer } from "../support/dev-server.ts";
import { startModelServer } from "../support/model-server.ts";
import { modelScript, type ModelScript } from "../support/model-script.ts";
import { coordinator, delegates, worker } from "../support/task-steps.ts";

let models: Awaited<ReturnType<typeof startModelServer>>;
let model: ModelScript;
let site: BrowserSite;
let state: string;
let server: DevServer;

beforeAll(async () => {
  [models, site] = await Promise.all([startModelServer(), startBrowserSite()]);
  model = modelScript(models.url, "sk-browser-test");
  state = newState();
  // The page is on this machine; its address is a public one, as everything that agents may reach.
  const chromium = [`--host-resolver-rules=MAP www.example.com:80 127.0.0.1:${new URL(site.origin).port}`];
  server = await startDevServer({ built: inject("builtWorker"), state, chromium });
  const body = JSON.stringify({ api_key: model.key, base_url: `${models.url}/v1` });
  await server.owner("/api/v1/models/providers/anthropic/default", { method: "PUT", body });
});
afterAll(async () => {
  await server.stop();
  await models.close();
  await site.close();
  removeState(state);
});

const approvals = async (): Promise<ApprovalView[]> => {
  const response = await server.owner("/api/v1/approvals?state=pending");
  return z.object({ approvals: z.array(ApprovalView) }).parse(await response.json()).approvals;
};
const asked = (): Promise<ApprovalView> => until("the question", async () => (await approvals())[0] ?? null);
const approve = (id: string): Promise<Response> => server.owner(`/api/v1/approvals/${id}/approve`, { method: "POST", body: "{}" });
const posts = (): string[] => site.arrived.filter(({ method }) => method === "POST").map(({ path, body }) => `${path} ${body}`);

test("a task goes through a form of two steps in Chromium; each is sent after a yes, with the values that were shown", async () => {
  const HOST = "www.example.com";
  const call = (name: string, input: unknown) => worker({ toolCalls: [{ name, input }] });
  await model.set(
    [
      ...delegates(`Order a pen at ${HOST}`, { profile: "browser" }),
      call("browser_open", { url: `http://${HOST}/shop` }),
      call("browser_type", { site: HOST, fields: [{ ref: "e1", text: "Pen" }] }),
      call("browser_act", { do: "select", ref: "e2", value: "L" }),
      call("browser_act", { do: "click", ref: "e4" }),
      call("browser_submit", { id: `${HOST}#1` }),
      call("browser_type", { site: HOST, fields: [{ ref: "e5", text: "Main Street 1" }] }),
      call("browser_act", { do: "click", ref: "e6" }),
      call("browser_submit", { id: `${HOST}#2` }),
      worker({ text: `Ordered: http://${HOST}/done says "Order 17 is on its way."` }),
      coordinator({ text: "Your pen is ordered." }),
    ],
    { text: "Nothing more." },
  );
  const said = await server.owner("/api/v1/chat", {
    method: "POST",
    body: JSON.stringify({ message: `Order a pen, size L, at ${HOST}, to Main Street 1` }),
  });
  expect(said.status, await said.clone().text()).toBe(200);

  const first = await asked();
  expect(first.tool).toBe("browser_submit");
  expect(first.description).toContain('Item: "Pen", Size: "L"');
  expect(first.destinations.map(({ text, yours }) => [text, yours])).toEqual([[HOST, true]]);
  const { seen } = z
    .object({ seen: z.object({ screenshot: z.string(), sends: z.array(z.object({ to: z.string() })) }) })
    .parse(JSON.parse(first.arguments));
  expect(seen.sends[0]?.to).toBe(`http://${HOST}/address`);
  const picture = await server.owner(`/api/v1/workspace/content?path=${encodeURIComponent(seen.screenshot)}`);
  expect(picture.headers.get("content-type")).toBe("image/jpeg");
  expect(posts()).toEqual([]);
  await approve(first.id);

  const second = await until("the second question", async () => (await approvals()).find(({ id }) => id !== first.id) ?? null);
  expect(posts()).toEqual(["/address item=Pen&size=L&price=10"]);
  expect(second.description).toContain('Street: "Main Street 1"');
  await approve(second.id);
  await until("the order", async () => (posts().length === 2 ? true : null));
  const end = await until("the task's end", async () => {
    const { tasks } = z
      .object({ tasks: z.array(z.object({ status: z.string(), result: z.string().optional() })) })
      .parse(await (await server.owner("/api/v1/tasks")).json());
    return tasks[0]?.status === "done" ? tasks[0] : null;
  });
  expect(end.status).toBe("done");
});

test("a conversation goes through a form in Chromium: what was said yes to is sent from the page that it was asked on", async () => {
  const HOST = "www.example.com";
  const call = (name: string, input: unknown) => coordinator({ toolCalls: [{ name: "call_tool", input: { name, input } }] });
  const before = new Set((await approvals()).map(({ id }) => id));
  const sent = posts().length;
  await model.set(
    [
      call("browser_open", { url: `http://${HOST}/shop` }),
      call("browser_type", { site: HOST, fields: [{ ref: "e1", text: "Ink" }] }),
      call("browser_act", { do: "click", ref: "e4" }),
      // Ids go on where the other test's ended.
      call("browser_submit", { id: `${HOST}#3` }),
      coordinator({ text: "It asks for a street now." }),
    ],
    { text: "Nothing more." },
  );
  const body = JSON.stringify({ message: `Order ink at ${HOST}` });
  const said = await server.owner("/api/v1/chat", { method: "POST", body });
  expect(said.status, await said.clone().text()).toBe(200);
  const question = await until("the question", async () => (await approvals()).find(({ id }) => !before.has(id)) ?? null);
  expect(question.description).toContain('Item: "Ink"');
  await approve(question.id);
  await until("the answer", async () => ((await model.left()) === 0 ? true : null));
  expect(posts().slice(sent)).toEqual(["/address item=Ink&size=S&price=10"]);
  const last = (await model.requests()).at(-1)?.body as { messages: unknown[] };
  expect(JSON.stringify(last.messages.at(-1))).toContain("textbox");
});
