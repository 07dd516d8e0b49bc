import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const END = {
  type: "end",
  status: "done",
  message_id: "m",
  text: "Hi there.",
  error: null,
  usage: { input_tokens: 1, output_tokens: 1, cached_input_tokens: 0, cost_micro_usd: 0, model_calls: 1 },
};

interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** A server that speaks what `scripts/chat.ts` needs of the API, in whatever way a test wants. */
class Server {
  readonly seen: Seen[] = [];
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const seen = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      this.seen.push(seen);
      this.answer(seen, response);
    });
  });
  url = "";

  constructor(readonly answer: (seen: Seen, response: ServerResponse) => void) {}

  async start(): Promise<this> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = this.#server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let server: Server | null = null;
afterEach(async () => {
  await server?.stop();
  server = null;
});

const serve = async (answer: Server["answer"]): Promise<Server> => (server = await new Server(answer).start());

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the script as `npm run chat` does; `onOutput` sees the output so far and may act on the process. */
function chat(
  args: string[],
  options: { env?: Record<string, string>; input?: string; onOutput?: (out: string, kill: () => void) => void } = {},
): Promise<Ended> {
  const child = spawn(join(ROOT, "node_modules/.bin/tsx"), [join(ROOT, "scripts/chat.ts"), ...args], {
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...options.env },
  });
  child.stdin.end(options.input ?? "");
  return new Promise((resolve) => {
    const ended: Ended = { code: null, out: "", err: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      ended.out += chunk.toString();
      options.onOutput?.(ended.out, () => child.kill("SIGINT"));
    });
    child.stderr.on("data", (chunk: Buffer) => {
      ended.err += chunk.toString();
    });
    child.on("close", (code) => resolve({ ...ended, code }));
  });
}

/** Starts an event stream and writes events into it; without an end the stream stays open. */
function stream(response: ServerResponse, events: object[], from = 0): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(`event: accepted\ndata: ${JSON.stringify({ message_id: "m", turn_id: "turn-7", duplicate: false })}\n\n: still here\n\n`);
  for (const [index, event] of events.entries()) {
    const type = String(Reflect.get(event, "type"));
    response.write(`id: ${from + index}\nevent: ${type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
}
const KEY = { MARGAY_KEY: "mgy_key" };

describe("npm run chat", { timeout: 60_000 }, () => {
  test("prints the answer alone to stdout and what was done to stderr", async () => {
    const { url, seen } = await serve((_request, response) => {
      stream(response, [
        { type: "step", step: 1, model: "m" },
        { type: "tool_call", step: 1, call_id: "c", tool: "add_todo", input: { title: "milk" } },
        { type: "tool_result", call_id: "c", tool: "add_todo", status: "done", summary: 'Added "milk"' },
        { type: "text", step: 2, delta: "Hi \u001b[31m" },
        { type: "some_future_event" },
        { type: "text", step: 2, delta: "there." },
        END,
      ]);
      response.end();
    });
    const ended = await chat(["--url", url, "add", "milk"], { env: KEY });
    expect(ended).toEqual({ code: 0, out: "Hi [31mthere.\n", err: '→ add_todo {"title":"milk"}\n✓ Added "milk"\n' });
    const [request] = seen;
    expect([request?.method, request?.path, request?.headers.authorization]).toEqual(["POST", "/api/v1/chat", "Bearer mgy_key"]);
    expect(request?.headers["x-margay-client"]).toBe("cli");
    expect(JSON.parse(request?.body ?? "")).toMatchObject({ message: "add milk", time_zone: expect.any(String) });
  });

  test("prints what is asked, which stands below the words of the answer", async () => {
    const { url } = await serve((_request, response) => {
      stream(response, [
        { type: "tool_result", call_id: "c", tool: "web_fetch", status: "waiting", summary: "Read it" },
        { type: "text", step: 2, delta: "I ask " },
        { type: "text", step: 2, delta: "you first. " },
        { ...END, text: "I ask you first.\n\n**May I?** `Read it`\n`/approve 1`" },
      ]);
      response.end();
    });
    const { out, err } = await chat(["--url", url, "look"], { env: KEY });
    expect(out).toBe("I ask you first. \n\n**May I?** `Read it`\n`/approve 1`\n");
    expect(err).toBe("? Read it\n");
  });

  test("goes on after a cut, with the same key and behind the last event", async () => {
    let cut = (): unknown => undefined;
    const { url, seen } = await serve((request, response) => {
      if (request.headers["last-event-id"] === undefined) {
        stream(response, [{ type: "text", step: 1, delta: "Hi " }]);
        cut = () => response.destroy();
      } else {
        stream(response, [{ type: "text", step: 1, delta: "there." }, END], 1);
        response.end();
      }
    });
    // Cut when the client has read that far: what it has not read is lost with the connection.
    expect(await chat(["--url", url, "hello"], { env: KEY, onOutput: () => cut() })).toMatchObject({ code: 0, out: "Hi there.\n" });
    expect(seen.map((request) => request.headers["last-event-id"])).toEqual([undefined, "0"]);
    expect(new Set(seen.map((request) => request.headers["idempotency-key"])).size).toBe(1);
    expect(new Set(seen.map((request) => request.body)).size).toBe(1);
  });

  test("waits for a server that took the message and then restarts", async () => {
    let calls = 0;
    let cut = (): unknown => undefined;
    const { url, seen } = await serve((_request, response) => {
      calls += 1;
      if (calls === 1) {
        stream(response, [{ type: "text", step: 1, delta: "Hi " }]);
        // Cut when the client has read that its message is taken.
        cut = () => response.destroy();
        return response;
      }
      if (calls < 4)
        return response.writeHead(503, { "content-type": "application/json" }).end('{"error":{"code":"x","message":"Starting."}}');
      stream(response, [{ type: "text", step: 1, delta: "there." }, END], 1);
      return response.end();
    });
    expect(await chat(["--url", url, "hello"], { env: KEY, onOutput: () => cut() })).toMatchObject({ code: 0, out: "Hi there.\n" });
    expect(new Set(seen.map((request) => request.headers["idempotency-key"])).size).toBe(1);
  });

  test("uses the sign-in of this machine when there is no key", async () => {
    const { url, seen } = await serve((request, response) => {
      if (request.path === "/api/v1/auth/loopback")
        return response.writeHead(200, { "set-cookie": "margay.session_token=abc; Path=/; HttpOnly" }).end("{}");
      stream(response, [END]);
      return response.end();
    });
    expect(await chat(["--url", url, "hello"])).toMatchObject({ code: 0, out: "Hi there.\n" });
    expect(seen[1]?.headers).toMatchObject({ cookie: "margay.session_token=abc", origin: url });
  });

  test("explains how to get a key where that sign-in is not offered", async () => {
    const { url } = await serve((_request, response) => response.writeHead(404, { "content-type": "application/json" }).end("{}"));
    const ended = await chat(["--url", url, "hello"]);
    expect([ended.code, ended.out]).toEqual([3, ""]);
    expect(ended.err).toContain("Settings → API");
  });

  test("answers a wrong key, a refusal and a server that is not there with a sentence and a code", async () => {
    const { url } = await serve((request, response) => {
      const status = request.headers.authorization === "Bearer mgy_bad" ? 401 : 413;
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(JSON.stringify({ error: { code: "x", message: "Too large." } }));
    });
    expect(await chat(["--url", url, "--key", "mgy_bad", "hello"])).toMatchObject({
      code: 3,
      err: expect.stringContaining("not accepted"),
    });
    expect(await chat(["--url", url, "hello"], { env: KEY })).toMatchObject({ code: 4, err: "Too large.\n" });
    expect(await chat(["--url", "http://127.0.0.1:1", "hello"], { env: KEY })).toMatchObject({
      code: 4,
      err: expect.stringContaining("Cannot reach"),
    });
  });

  test("refuses wrong usage, and a key over plain http to elsewhere", async () => {
    for (const args of [["--nonsense"], ["--url", "example"], ["--tier", "huge", "hi"], ["--url", "http://example.com", "hi"]])
      expect(await chat(args, { env: KEY })).toMatchObject({ code: 2, out: "" });
  });

  test("ends with 1 when the turn failed, with its reason", async () => {
    const { url } = await serve((_request, response) => {
      stream(response, [
        { ...END, status: "failed", text: "", error: { code: "budget_exceeded", message: "The daily budget is used up." } },
      ]);
      response.end();
    });
    expect(await chat(["--url", url, "hello"], { env: KEY })).toEqual({ code: 1, out: "", err: "The daily budget is used up.\n" });
  });

  test("stops the turn at Ctrl-C", async () => {
    let open: ServerResponse | null = null;
    const { url, seen } = await serve((request, response) => {
      if (request.path === "/api/v1/chat") {
        open = response;
        return stream(response, [{ type: "text", step: 1, delta: "Thinking" }]);
      }
      response.writeHead(200, { "content-type": "application/json" }).end('{"stopped":1,"dropped":0}');
      open?.end(`id: 1\nevent: end\ndata: ${JSON.stringify({ ...END, status: "cancelled", text: "Thinking" })}\n\n`);
    });
    let sent = false;
    const ended = await chat(["--url", url, "hello"], {
      env: KEY,
      onOutput: (_out, kill) => {
        if (!sent) kill();
        sent = true;
      },
    });
    expect([ended.code, ended.out]).toEqual([1, "Thinking\n"]);
    expect(seen.at(-1)).toMatchObject({ path: "/api/v1/chat/cancel", body: '{"turn_id":"turn-7"}' });
  });

  test("takes a conversation line by line", async () => {
    const { url, seen } = await serve((request, response) => {
      stream(response, [{ ...END, text: `You said ${String(Reflect.get(JSON.parse(request.body), "message"))}.` }]);
      response.end();
    });
    const ended = await chat(["--url", url], { env: KEY, input: "one\n\ntwo\n" });
    expect([ended.code, ended.out]).toEqual([0, "You said one.\nYou said two.\n"]);
    expect(seen).toHaveLength(2);
  });

  test("shows no colours where NO_COLOR is set, nor into a pipe", async () => {
    const { url } = await serve((_request, response) => {
      stream(response, [{ type: "notice", message: "Trying again." }, END]);
      response.end();
    });
    for (const env of [KEY, { ...KEY, NO_COLOR: "1" }]) {
      const ended = await chat(["--url", url, "hello"], { env });
      expect(ended.out + ended.err).not.toContain("\u001b");
    }
  });
});
