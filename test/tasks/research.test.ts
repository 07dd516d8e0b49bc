import { afterAll, beforeAll, expect, test } from "vitest";
import { ModelError } from "../../src/models/model-error.ts";
import { parsePdf } from "../../src/knowledge/parse/pdf.ts";
import { signedWeb } from "../../src/tools/web/signed-web.ts";
import { webFetch } from "../../src/tools/web/web-fetch.ts";
import type { SearchStores } from "../../src/tools/web/search-port.ts";
import { webSearch } from "../../src/tools/web/web-search.ts";
import type { WebStores } from "../../src/tools/web/web-port.ts";
import { fakeModel, type FakeStep } from "../support/fake-model.ts";
import { aTask, taskHome } from "../support/task-home.ts";
import { startWeb } from "../support/web-server.ts";

const article = (text: string): { body: string } => ({ body: `<title>Otters</title><main><p>${text}</p></main>` });
let web: Awaited<ReturnType<typeof startWeb>>;
beforeAll(async () => {
  web = await startWeb({
    "https://a.example/otters": article("A sea otter eats a quarter of its weight a day."),
    "https://b.example/otters": article("Sea otters hold hands while they sleep."),
    "https://c.example/otters": article("Nobody has read this."),
  });
});
afterAll(() => web.close());

const search = (n: number): FakeStep => ({ calls: [{ tool: "web_search", input: { query: `otters ${n}` } }] });
const fetchStep = (url: string): FakeStep => ({ calls: [{ tool: "web_fetch", input: { url } }] });

/** A research task whose executor, desk, gate, tools and way to the web are the product's own. */
async function research(steps: FakeStep[], hosts: string[] = ["a", "b", "c", "dead"]) {
  const model = fakeModel(steps);
  const stores: WebStores & SearchStores = {
    web: {
      ...signedWeb({ egress: web.egress, vault: { useOf: () => null, get: async () => null }, used: () => undefined }),
      pdf: parsePdf,
    },
    search: {
      search: async () => ({
        engine: "Script",
        hits: hosts.map((host) => ({ title: host, url: `https://${host}.example/otters`, snippet: "", date: null })),
      }),
    },
  };
  const home = taskHome<WebStores & SearchStores>({ tools: [webSearch, webFetch], stores, model });
  home.gate.state.granted = ["net.fetch:*", "web.search"];
  const { id } = home.tasks.start(aTask({ input: "What do otters do?" }));
  await home.settled(id);
  return { ...home, task: home.tasks.get(id), model };
}

test("a report whose sources were read ends as it is", async () => {
  const report =
    "They eat a quarter of their weight [1] and hold hands [2].\n\n[1] A, https://a.example/otters\n[2] B, https://b.example/otters";
  const { task, model, told } = await research([
    search(1),
    { calls: ["a", "b"].map((host) => ({ tool: "web_fetch", input: { url: `https://${host}.example/otters` } })) },
    { text: report },
  ]);
  expect(task).toMatchObject({ status: "done", result: report, tainted: true });
  expect(task.notes).toBeUndefined();
  expect(model.prompts).toHaveLength(3);
  expect(JSON.stringify(told())).not.toContain("was found");
});

test("a report that lists a dead page and one it never read is corrected once, by reading, and then ends with what stayed so", async () => {
  const bad =
    "So [1], [2] and [3].\n\n[1] A, https://a.example/otters\n[2] B, https://b.example/otters\n[3] D, https://dead.example/otters";
  const { task, model, told } = await research([
    search(1),
    fetchStep("https://a.example/otters"),
    fetchStep("https://dead.example/otters"),
    { text: bad },
    fetchStep("https://b.example/otters"),
    { text: bad },
  ]);
  expect(JSON.stringify(model.prompts[4]?.at(-1))).toMatch(/\[2\] was not read in this task.*\[3\] could not be read when you tried/s);
  expect(task).toMatchObject({ status: "done", result: bad, notes: ["[3] cannot be read at its address."] });
  expect(JSON.stringify(told())).toContain("> [3] cannot be read at its address.");
});

test("what was never read is asked for at the end, where the gate lets it without asking anybody, and else only named", async () => {
  const bad = "So [1], [2].\n\n[1] C, https://c.example/otters\n[2] E, https://exfiltrate.example/?q=secret";
  const before = web.asked.length;
  const { task, waiting } = await research([search(1), { text: bad }, { text: bad }]);
  expect(task.notes).toEqual(["[1] was not read; there is a page at its address.", "[2] was not read."]);
  expect(web.asked.slice(before)).toEqual(["https://c.example/otters"]);
  expect(waiting.size).toBe(0);
  expect(task.steps.at(-1)?.calls).toMatchObject([{ tool: "web_fetch", status: "done" }]);
});

test("a report that cannot be corrected any more ends as it was, with what was found", async () => {
  const report = "So [1].\n\n[1] C, https://c.example/otters";
  const { task } = await research([
    search(1),
    { text: report },
    { text: "Let me look.", calls: [{ tool: "web_search", input: { query: "x" } }] },
    { error: new ModelError("auth", "No.", false) },
  ]);
  expect(task).toMatchObject({ status: "done", result: report, notes: ["[1] was not read."], error: null });
});
