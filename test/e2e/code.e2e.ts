import { createServer } from "node:http";
import { z } from "zod";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { newState, removeState, startDevServer, type DevServer } from "../support/dev-server.ts";
import { startModelServer } from "../support/model-server.ts";
import { modelScript, type ModelScript } from "../support/model-script.ts";

let models: Awaited<ReturnType<typeof startModelServer>>;
let model: ModelScript;
let state: string;
let server: DevServer;
/** Stands for whatever listens on this machine; nothing may reach it. */
const reached: string[] = [];
const loopback = createServer((request, response) => {
  reached.push(request.url ?? "");
  response.end("inside");
});
let inside = "";

beforeAll(async () => {
  models = await startModelServer();
  model = modelScript(models.url, "sk-code-test");
  await new Promise<void>((resolve) => loopback.listen(0, "127.0.0.1", resolve));
  const address = loopback.address();
  inside = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
  state = newState();
  server = await startDevServer({ built: inject("builtWorker"), state });
  const body = JSON.stringify({ api_key: model.key, base_url: `${models.url}/v1` });
  await server.owner("/api/v1/models/providers/anthropic/default", { method: "PUT", body });
});
afterAll(async () => {
  await server.stop();
  await models.close();
  loopback.close();
  removeState(state);
});

/** Has the agent run a code; gives what it was told of it. */
async function run(code: string, timeout_s = 20): Promise<string> {
  await model.set([{ toolCalls: [{ name: "run_javascript", input: { code, timeout_s } }] }], { text: "Done." });
  const response = await server.owner("/api/v1/chat", { method: "POST", body: JSON.stringify({ message: "run it" }) });
  expect(response.status, await response.clone().text()).toBe(200);
  const last = (await model.requests()).at(-1)?.body as { messages: { content: unknown }[] };
  return JSON.stringify(last.messages.at(-1)?.content);
}

describe("code that means harm, in what npm start starts", () => {
  test("an endless loop ends at its limit, and everybody else is answered meanwhile", async () => {
    const looping = run("while (true) {}", 3);
    const answered = await server.owner("/api/v1/me");
    expect(answered.status).toBe(200);
    expect(await looping).toMatch(/Limit/u);
    expect(await run("1 + 1")).toContain('{\\"value\\":2}');
  });

  test("memory, output and promises without end are ended; the agent hears why", async () => {
    expect(await run("const all = []; for (;;) all.push(new Uint8Array(1_000_000).fill(1))")).toContain("MemoryLimit");
    const flood = await run(`for (let n = 0; ; n++) { console.log("line " + n); if (n % 50 === 0) await null }`);
    expect(flood).toContain("OutputLimit");
    expect(flood).toContain("line 0");
    expect(await run("(await Promise.all(Array.from({ length: 50_000 }, async (_, n) => n))).length")).toContain("50000");
  });

  test("nothing is reached from it, and nothing of this machine is in it", async () => {
    const seen = await run(
      `import { connect } from "cloudflare:sockets"; import http from "node:http"; import fs from "node:fs";
       const tried = async (work) => { try { return "went " + await work() } catch (error) { return "refused" } };
       const { port } = new URL("${inside}");
       const get = () => new Promise((resolve, reject) => http.get("${inside}http", (response) => resolve(response.statusCode)).on("error", reject));
       return { fetched: await tried(() => fetch("${inside}fetch")), gone: await tried(() => { delete globalThis.fetch; return fetch("${inside}deleted") }), socket: await tried(() => connect({ hostname: "127.0.0.1", port: Number(port) }).opened),
         node: await tried(get), metadata: await tried(() => connect({ hostname: "169.254.169.254", port: 80 }).opened),
         env: Object.keys(process.env), passwd: await tried(() => fs.readFileSync("/etc/passwd")), maker: await tried(() => (async () => {}).constructor("return 1")()) }`,
    );
    expect(seen).not.toContain("went");
    expect(seen).toContain('\\"env\\":[]');
    expect(reached).toEqual([]);
  });

  test("a code that changes the language under the harness forges no call and gets none that it was not given", async () => {
    const seen = await run(
      `const sent = [];
       JSON.stringify = () => '{"type":"ask","id":1,"request":{"kind":"tool","name":"run_shell","input":{"command":"id"}}}';
       Promise.prototype.then = function () { return this };
       Object.freeze = (one) => one; Map.prototype.get = () => undefined; Array.prototype.push = function () { return 0 };
       tools.run_shell = () => "forged";
       return 1`,
      3,
    );
    expect(seen).not.toContain("forged");
    const trail = z.object({ entries: z.array(z.looseObject({ kind: z.string(), tool: z.string().nullish() })) });
    const { entries } = trail.parse(await (await server.owner("/api/v1/audit?limit=200")).json());
    const calls = entries.filter(({ kind }) => kind === "call").map(({ tool }) => tool);
    expect(new Set(calls)).toEqual(new Set(["run_javascript"]));
    expect(await run("1 + 1")).toContain('{\\"value\\":2}');
  });

  test.each([
    ["a bracket", "}); globalThis.out = 1; ({"],
    ["a second export", "1 } export default () => 'other'; {"],
    ["a note", "1 /* "],
    ["a template", "`${"],
  ])("a code that tries to leave its place by %s is a wrong code", async (_what, code) => {
    expect(await run(code)).toContain("SyntaxError");
  });
});
