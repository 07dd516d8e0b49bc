import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { newState, removeState, startDevServer, until, type DevServer } from "../support/dev-server.ts";
import { startModelServer } from "../support/model-server.ts";
import { modelScript, type ModelScript } from "../support/model-script.ts";

/** Where programs can be walled off (docs/linux.md): elsewhere there is no Linux, which is tested without one. */
let models: Awaited<ReturnType<typeof startModelServer>>;
let model: ModelScript;
let state: string;
let server: DevServer;
const SECRET = "canary-4b1f0e77c2a94d";

beforeAll(async () => {
  models = await startModelServer();
  model = modelScript(models.url, "sk-linux-test");
  state = newState();
  server = await startDevServer({ built: inject("builtWorker"), state, linux: true });
  const body = JSON.stringify({ api_key: model.key, base_url: `${models.url}/v1` });
  await server.owner("/api/v1/models/providers/anthropic/default", { method: "PUT", body });
  const secret = JSON.stringify({ value: SECRET, use: { hosts: ["api.example.com"], place: "bearer" } });
  const stored = await server.owner("/api/v1/secrets/example", { method: "PUT", body: secret });
  if (!stored.ok) throw new Error(await stored.text());
});
afterAll(async () => {
  await server.stop();
  await models.close();
  removeState(state);
});

const file = async (path: string): Promise<string> => {
  const response = await server.owner(`/api/v1/workspace/content?path=${encodeURIComponent(path)}`);
  return response.status === 200 ? response.text() : `${response.status}`;
};
const upload = (path: string, text: string): Promise<Response> =>
  server.owner(`/api/v1/workspace/content?path=${encodeURIComponent(path)}`, {
    method: "PUT",
    body: new Blob([text]),
    headers: { "content-type": "text/plain" },
  });

/** Has the agent call a tool; gives what it was told of it. */
const call = async (name: string, input: unknown): Promise<string> => (await watched(name, input))[0];

/** The same, with the events of the turn as they came. */
async function watched(name: string, input: unknown): Promise<[told: string, events: string]> {
  await model.set([{ toolCalls: [{ name: "call_tool", input: { name, input } }] }], { text: "Done." });
  const body = JSON.stringify({ message: "do it" });
  const response = await server.owner("/api/v1/chat", { method: "POST", body, headers: { accept: "text/event-stream" } });
  const events = await response.text();
  expect(response.status, events).toBe(200);
  const last = (await model.requests()).at(-1)?.body as { messages: { content: unknown }[] };
  return [JSON.stringify(last.messages.at(-1)?.content), events];
}

test.runIf(existsSync("/usr/bin/bwrap"))(
  "npm start gives the agent a Linux: Python reads what was uploaded, writes results, and none of it is reached from elsewhere",
  async () => {
    expect((await upload("/uploads/boats.csv", "name,length\nAsk,7\nEmbla,9\n")).status).toBeLessThan(300);
    const told = await call("run_python", {
      code: `import pandas as pd, os
table = pd.read_csv("uploads/boats.csv")
os.makedirs("outputs", exist_ok=True)
table.describe().to_csv("outputs/lengths.csv")
print(table["length"].mean())`,
    });
    // Without pandas on this machine the error says so, which is the program's own.
    if (told.includes("ModuleNotFoundError")) expect(told).toContain("pandas");
    else {
      expect(told).toContain("8.0");
      expect(await file("/outputs/lengths.csv")).toContain("mean,8.0");
    }
  },
);

test.runIf(existsSync("/usr/bin/bwrap"))(
  "what the user changes while a command runs stays, the command's lies beside it; no stored secret is inside",
  async () => {
    await upload("/notes.txt", "first\n");
    // Seen from outside, where its processes are processes of this machine: the files are in by then.
    const mark = "4.0317";
    const running = call("run_shell", {
      command: `echo "$(cat notes.txt) and the command's" > notes.txt; sleep ${mark}; env; cat /proc/*/environ 2>/dev/null; grep -rs ${SECRET.slice(0, 8)} / --include=*.txt | head -1`,
      timeout_s: 30,
    });
    await until("the command", async () => (runs(`sleep\0${mark}\0`) ? true : null));
    await upload("/notes.txt", "the user's\n");
    const told = await running;
    expect(told).toContain("/notes (from sandbox).txt (of /notes.txt)");
    expect(told).not.toContain(SECRET.slice(0, 12));
    expect(await file("/notes.txt")).toBe("the user's\n");
    expect(await file("/notes (from sandbox).txt")).toBe("first and the command's\n");
  },
);

test.runIf(existsSync("/usr/bin/bwrap"))(
  "a package that is not known is asked about before anything is reached, and a command that takes too long ends",
  async () => {
    await call("install_package", { manager: "pip", name: "reqeusts" });
    expect(await (await server.owner("/api/v1/approvals")).text()).toContain("Install the pip package reqeusts");
    const [told, events] = await watched("run_shell", { command: "echo begun; sleep 60", timeout_s: 1 });
    expect(told).toMatch(/begun.*took too long/u);
    // Seen while it ran.
    expect(events).toMatch(/event: tool_progress\ndata: .*"begun".*\n[^]*event: tool_result/u);
  },
);

/** Whether a process with these arguments runs on this machine. */
const runs = (args: string): boolean =>
  readdirSync("/proc").some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8") === args;
    } catch {
      return false;
    }
  });
