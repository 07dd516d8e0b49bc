import { exports } from "cloudflare:workers";
import OpenAI from "openai";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { signWebhook } from "../../src/channels/webhook/signature.ts";
import { type Client, copyOf, ORIGIN, setUp } from "../auth/client.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** The whole Worker with real objects; the offline model answers. */
let owner: Client;
let program: Client;

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  exports.default.fetch(`${ORIGIN}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${program.key}`, ...headers },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  owner = await setUp();
  program = copyOf(owner);
  program.cookie = null;
  program.key = await owner.field("key", "POST", "/api/v1/keys", { name: "test" });
});

describe("the whole way", () => {
  test("POST /api/v1/chat adds a to-do and says what it did; a repeat does it once", async () => {
    const headers = { "idempotency-key": "milk" };
    const body = { message: "add task: buy milk, p1", time_zone: "Europe/Berlin" };
    const first = await post("/api/v1/chat", body, headers);
    expect(first.status).toBe(200);
    const outcome: unknown = await first.json();
    expect(outcome).toMatchObject({
      status: "done",
      actions: [{ type: "add_todo", status: "done" }],
      reply: expect.stringContaining("buy milk"),
    });
    const again = await post("/api/v1/chat", body, headers);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await again.json()).toEqual(outcome);
    expect((await post("/api/v1/chat", { ...body, message: "other" }, headers)).status).toBe(409);
    expect(Reflect.get(Object((await program.call("GET", "/api/v1/settings")).body), "time_zone")).toBe("Europe/Berlin");
  });

  test("POST /api/v1/chat streams to the end, and a command too", async () => {
    for (const message of ["what can you do?", "/help"]) {
      const text = await (await post("/api/v1/chat", { message }, { accept: "text/event-stream" })).text();
      expect(text).toMatch(/^event: accepted\n/);
      const end = text.split("\n\n").findLast((block) => block.includes("event: end")) ?? "";
      expect(JSON.parse(/^data: (.*)$/m.exec(end)?.[1] ?? "null")).toMatchObject({
        type: "end",
        status: "done",
        text: expect.stringMatching(/\w/),
      });
    }
  });

  test("POST /api/v1/chat as a stream ends with what is asked, and how to answer", async () => {
    await program.call("PATCH", "/api/v1/settings", { tools: { add_todo: "ask" } });
    const text = await (await post("/api/v1/chat", { message: "add task: buy rope" }, { accept: "text/event-stream" })).text();
    await program.call("PATCH", "/api/v1/settings", { tools: {} });
    expect(text.split("\n\n").findLast((block) => block.includes("event: end"))).toMatch(/May I\?.*buy rope.*\/approve \d/u);
  });

  test("GET /api/v1/messages shows what was said", async () => {
    const page = await program.call("GET", "/api/v1/messages?limit=2");
    expect(page.status).toBe(200);
    expect(Reflect.get(Object(page.body), "messages")).toHaveLength(2);
  });

  test("the page's socket takes a message and brings its events", async () => {
    const response = await exports.default.fetch(`${ORIGIN}/api/v1/chat/stream`, {
      headers: { upgrade: "websocket", cookie: owner.cookie ?? "", origin: ORIGIN },
    });
    const { webSocket } = response;
    if (!webSocket) throw new Error(`no socket: ${response.status}`);
    const types: unknown[] = [];
    const ended = new Promise<void>((resolve) => {
      webSocket.addEventListener("message", ({ data }) => {
        const frame: unknown = JSON.parse(String(data));
        types.push(Reflect.get(Object(frame), "type"));
        if (Reflect.get(Object(Reflect.get(Object(frame), "event")), "type") === "end") resolve();
      });
    });
    webSocket.accept();
    webSocket.send(JSON.stringify({ type: "say", id: "frame-1", text: "who are you?" }));
    await ended;
    webSocket.close();
    expect(types[0]).toBe("ready");
    expect(types).toEqual(expect.arrayContaining(["accepted", "turn", "event", "message"]));
  });

  test("the official OpenAI client talks to the agent, and nothing of it enters the conversation", async () => {
    const client = new OpenAI({
      apiKey: program.key ?? "",
      baseURL: `${ORIGIN}/v1`,
      maxRetries: 0,
      dangerouslyAllowBrowser: true,
      fetch: (input, init) => exports.default.fetch(new Request(input, init)),
    });
    const messages = [
      { role: "system" as const, content: "canary-system" },
      { role: "user" as const, content: "who are you?" },
    ];
    const completion = await client.chat.completions.create({ model: "margay", messages });
    expect(completion.choices[0]?.message.content).toMatch(/\w/);
    let streamed = "";
    for await (const chunk of await client.chat.completions.create({ model: "margay-fast", messages, stream: true }))
      streamed += chunk.choices[0]?.delta.content ?? "";
    expect(streamed).toMatch(/\w/);
    expect(JSON.stringify((await program.call("GET", "/api/v1/messages?limit=200")).body)).not.toContain("canary-system");
  });

  test("POST /agent/command answers and names its actions", async () => {
    const response = await post("/agent/command", { channel: "kiosk", message: "add task: water the plants" });
    expect(await response.json()).toMatchObject({ success: true, actions: [{ type: "add_todo", status: "done" }] });
  });

  test("POST /webhook is answered for a key and for a signature", async () => {
    expect(await (await post("/webhook", { message: "The build failed." })).json()).toMatchObject({ success: true, status: "done" });
    const secret = await owner.field("secret", "POST", "/api/v1/webhook/secret/rotate");
    const user = await owner.field("id", "GET", "/api/v1/me");
    const body = JSON.stringify({ user, message: "The build works again.", idempotency_key: "b2" });
    const timestamp = String(Math.floor(Date.now() / 1000));
    const response = await exports.default.fetch(`${ORIGIN}/webhook`, {
      method: "POST",
      headers: {
        "x-margay-timestamp": timestamp,
        "x-margay-signature": await signWebhook(secret, timestamp, new TextEncoder().encode(body)),
      },
      body,
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ success: true, request_id: "b2" });
  });
});
