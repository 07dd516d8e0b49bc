import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import * as anthropic from "./model-server-anthropic.ts";
import * as openai from "./model-server-openai.ts";
import { BadRequest, Script, countTokens, type Answer, type ReceivedRequest, type Refusal, type Step } from "./model-server-script.ts";

/** The newest requests kept for each key; enough for a test, bounded for a benchmark. */
const KEPT_REQUESTS = 200;

interface KeyState {
  steps: Step[];
  fallback: Step | undefined;
  requests: ReceivedRequest[];
  /** Ends the wait of answers that are held. */
  held: Set<() => void>;
  cache: anthropic.PromptCache;
}

/** One vendor's side of a request. */
interface Dialect {
  api: ReceivedRequest["api"];
  refuse(status: number, message: string, param?: string | null): Refusal;
  /** Throws {@link BadRequest} where the real API would refuse. */
  read(
    body: unknown,
    state: KeyState,
  ): {
    stream: boolean;
    echo: string;
    usage: Omit<Answer["usage"], "outputTokens">;
    message(id: string, result: Answer): unknown;
    events(id: string, result: Answer): string[];
  };
  streamError(type: string): string;
}

const ANTHROPIC: Dialect = {
  api: "anthropic",
  refuse: (status, message) => anthropic.anthropicRefusal(status, message),
  streamError: anthropic.anthropicStreamError,
  read(body, state) {
    const request = anthropic.parseAnthropic(body);
    return {
      stream: request.stream === true,
      echo: anthropic.lastUserText(request),
      usage: state.cache.count(request),
      message: (id, result) => anthropic.anthropicMessage(id, request.model, result),
      events: (id, result) => anthropic.anthropicEvents(id, request.model, result),
    };
  },
};

const OPENAI: Dialect = {
  api: "openai",
  refuse: (status, message, param) => openai.openaiRefusal(status, message, param),
  streamError: openai.openaiStreamError,
  read(body) {
    const request = openai.parseOpenAI(body);
    return {
      stream: request.stream === true,
      echo: openai.lastUserText(request),
      usage: openai.countOpenAI(request),
      message: (id, result) => openai.openaiCompletion(id, request.model, result),
      events: (id, result) => openai.openaiEvents(id, request.model, result, request.stream_options?.include_usage === true),
    };
  },
};

/**
 * A model server under the control of a test: speaks the wire formats of Anthropic and OpenAI, refuses what they would refuse, and answers
 * from a script kept for each API key (`POST /control/script`). Without a script it echoes, with no delay.
 */
export async function startModelServer(): Promise<{ url: string; close(): Promise<void> }> {
  const keys = new Map<string, KeyState>();
  const server = createServer((request, response) => {
    serve(keys, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else json(response, 500, { error: String(error) });
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(keys: Map<string, KeyState>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://model");
  const text = await readBody(request);
  if (url.pathname.startsWith("/control/")) return control(keys, request.method ?? "GET", url, text, response);

  const fromAnthropic = request.headers["anthropic-version"] !== undefined || url.pathname.startsWith("/v1/messages");
  const dialect = fromAnthropic ? ANTHROPIC : OPENAI;
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const key = fromAnthropic ? (request.headers["x-api-key"]?.toString() ?? bearer) : bearer;
  if (key === undefined)
    return send(response, dialect.refuse(401, fromAnthropic ? "x-api-key header is required" : "You didn't provide an API key."));
  const state = stateOf(keys, key);
  const received: ReceivedRequest = {
    api: dialect.api,
    path: url.pathname,
    headers: flatten(request.headers),
    body: undefined,
    status: 200,
  };
  state.requests.push(received);
  if (state.requests.length > KEPT_REQUESTS) state.requests.shift();
  response.on("close", () => {
    received.status = response.statusCode;
  });

  try {
    if (text !== "") received.body = parseJson(text);
    if (fromAnthropic) checkVersion(request.headers["anthropic-version"]?.toString());
    const route = `${request.method} ${url.pathname}`;
    if (route === "GET /v1/models")
      return await answerPlain(state, dialect, response, fromAnthropic ? anthropic.ANTHROPIC_MODELS : openai.OPENAI_MODELS);
    if (route === "POST /v1/messages/count_tokens") return json(response, 200, { input_tokens: anthropic.countAnthropic(received.body) });
    if (route === (fromAnthropic ? "POST /v1/messages" : "POST /v1/chat/completions"))
      return await answer(state, dialect, received.body, response, request);
    return send(response, dialect.refuse(404, `Not found: ${route}`));
  } catch (error) {
    if (error instanceof BadRequest) return send(response, dialect.refuse(400, error.message, error.param));
    throw error;
  }
}

/** Answers that have no model in them; a scripted error applies to them too, and is used up by them. */
async function answerPlain(state: KeyState, dialect: Dialect, response: ServerResponse, body: unknown): Promise<void> {
  const step = state.steps[0] ?? state.fallback;
  if (step?.error === undefined) return json(response, 200, body);
  if (state.steps.length > 0) state.steps.shift();
  if (step.delayMs !== undefined) await sleep(step.delayMs);
  sendError(response, dialect, step.error);
}

/** The first step that is for this request. */
function takeStep(state: KeyState, body: unknown): Step | undefined {
  const whole = state.steps.some(({ when }) => when !== undefined) ? JSON.stringify(body) : "";
  const at = state.steps.findIndex(({ when }) => (when ?? []).every((text) => whole.includes(JSON.stringify(text).slice(1, -1))));
  const step = state.steps[at];
  if (step !== undefined && step.repeat !== true) state.steps.splice(at, 1);
  return step;
}

let counter = 0;

async function answer(state: KeyState, dialect: Dialect, body: unknown, response: ServerResponse, request: IncomingMessage): Promise<void> {
  const call = dialect.read(body, state);
  const step = takeStep(state, body) ?? state.fallback ?? {};
  if (step.delayMs !== undefined && step.delayMs > 0) await sleep(step.delayMs);
  if (step.error !== undefined) return sendError(response, dialect, step.error);
  if (step.cutAfter === 0) return void request.socket.destroy();

  const id = `${++counter}`;
  const toolCalls = (step.toolCalls ?? []).map(({ name, input }, index) => ({ id: `call_${id}_${index}`, name, input: input ?? {} }));
  const echoes = step.text === undefined && toolCalls.length === 0;
  const text = step.text ?? (echoes ? `You said: ${call.echo}` : "");
  const counted = { ...call.usage, outputTokens: countTokens([text, toolCalls]) };
  const usage = step.usage === undefined ? counted : { cachedInputTokens: 0, cacheWriteTokens: 0, ...step.usage };
  const result: Answer = { text, toolCalls, usage };

  if (!call.stream) {
    const whole = JSON.stringify(call.message(id, result));
    response.setHeader("content-type", "application/json");
    if (step.malformed === true) return void response.end(whole.slice(0, whole.length / 2));
    if (step.cutAfter !== undefined) {
      response.setHeader("content-length", Buffer.byteLength(whole));
      await write(response, whole.slice(0, whole.length / 2));
      await sleep(CUT_DELAY_MS);
      return void request.socket.destroy();
    }
    return void response.end(whole);
  }
  await stream(step, dialect, call.events(id, result), response, request, state);
}

async function stream(
  step: Step,
  dialect: Dialect,
  events: string[],
  response: ServerResponse,
  request: IncomingMessage,
  state: KeyState,
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  if (step.malformed === true) events.splice(2, 0, 'data: {"choices": [{"delta": {"content": "half\n\n');
  if (step.errorAfter !== undefined) events.splice(step.errorAfter.events, events.length, dialect.streamError(step.errorAfter.type));
  if (step.endAfter !== undefined) events.splice(step.endAfter);
  const cut = step.cutAfter !== undefined && step.cutAfter < events.length;
  if (cut) events.splice(step.cutAfter ?? 0);

  if (step.holdAfter !== undefined) {
    await write(response, events.splice(0, step.holdAfter).join(""));
    await released(state, response);
    if (response.destroyed) return;
  }
  if (step.chunkDelayMs === undefined || step.chunkDelayMs === 0) {
    if (!cut) return void response.end(events.join(""));
    await write(response, events.join(""));
  } else {
    for (const event of events) {
      if (response.destroyed) return;
      await write(response, event);
      await sleep(step.chunkDelayMs);
    }
  }
  if (!cut) return void response.end();
  await sleep(CUT_DELAY_MS);
  request.socket.destroy();
}

/** Waits until the test says so, or the client has gone. */
async function released({ held }: KeyState, response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const release = (): void => {
      held.delete(release);
      resolve();
    };
    held.add(release);
    response.on("close", release);
  });
}

/** Clients drop unread data when a connection breaks; this is time enough to read it, so that a cut has a defined place. */
const CUT_DELAY_MS = 150;

/** The Messages API's own SDK and the AI SDK are at different versions. */
function checkVersion(version: string | undefined): void {
  if (version === undefined) throw new BadRequest("anthropic-version: header is required");
  if (version !== "2023-06-01" && version !== "2026-10-21")
    throw new BadRequest(`anthropic-version: "${version}" is not a valid version for this API`);
}

function write(response: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => response.write(text, () => resolve()));
}

function control(keys: Map<string, KeyState>, method: string, url: URL, text: string, response: ServerResponse): void {
  const key = url.searchParams.get("key") ?? "";
  switch (`${method} ${url.pathname}`) {
    case "POST /control/script": {
      const script = Script.safeParse(parseJson(text));
      if (!script.success) return json(response, 400, { error: script.error.issues });
      const state = stateOf(keys, script.data.key);
      state.steps = script.data.steps;
      state.fallback = script.data.fallback;
      state.requests = [];
      return json(response, 200, { ok: true });
    }
    case "POST /control/release": {
      const held = [...(keys.get(key)?.held ?? [])];
      for (const release of held) release();
      return json(response, 200, { released: held.length });
    }
    case "GET /control/requests":
      return json(response, 200, keys.get(key)?.requests ?? []);
    case "GET /control/left":
      return json(response, 200, { steps: keys.get(key)?.steps.length ?? 0 });
    case "DELETE /control/script":
      keys.delete(key);
      return json(response, 200, { ok: true });
    default:
      return json(response, 404, { error: "no such control" });
  }
}

function stateOf(keys: Map<string, KeyState>, key: string): KeyState {
  let state = keys.get(key);
  if (state === undefined) {
    state = { steps: [], fallback: undefined, requests: [], held: new Set(), cache: new anthropic.PromptCache() };
    keys.set(key, state);
  }
  return state;
}

function sendError(response: ServerResponse, dialect: Dialect, error: NonNullable<Step["error"]>): void {
  if (error.retryAfter !== undefined) response.setHeader("retry-after", error.retryAfter);
  const refusal = dialect.refuse(error.status, "Scripted error.");
  send(response, error.body === undefined ? refusal : { status: error.status, body: error.body });
}

function send(response: ServerResponse, refusal: Refusal): void {
  json(response, refusal.status, refusal.body);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) }).end(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRequest("The request body is not valid JSON.");
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function flatten(headers: IncomingMessage["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}
