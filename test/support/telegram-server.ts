import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parametersOf, problemOfFields } from "./telegram-api/table.ts";
import { control } from "./telegram-server-control.ts";
import { METHODS } from "./telegram-server-methods.ts";
import { badRequest, type BotState, Refusal } from "./telegram-server-state.ts";

export interface TelegramServer {
  /** `http://127.0.0.1:<port>`: give it as `TELEGRAM_API_ROOT`. */
  url: string;
  close(): Promise<void>;
}

/**
 * A Bot API server that refuses what the real one refuses, and some things it would only look away from (parameters it does not know).
 * Tests make bots, chats, files and faults through `/control/…` (see `TelegramTestBot`), also from inside workerd.
 */
export async function startTelegramServer(): Promise<TelegramServer> {
  const bots = new Map<string, BotState>();
  const server = createServer((request, response) => {
    serve(bots, request, response).catch((error: unknown) => {
      if (!response.headersSent)
        reply(response, 500, { ok: false, error_code: 500, description: `Internal Server Error: ${String(error)}` });
      else response.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The Telegram server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function serve(bots: Map<string, BotState>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://telegram.test");
  const body = await bytesOf(request);
  if (url.pathname.startsWith("/control/")) {
    const [status, value] = control(bots, request.method ?? "GET", url, body);
    return value instanceof Uint8Array ? void response.writeHead(status).end(value) : reply(response, status, value);
  }
  const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(url.pathname);
  if (file) return serveFile(bots.get(file[1] ?? ""), decodeURIComponent(file[2] ?? ""), response);
  const call = /^\/bot([^/]+)\/([^/]+)$/.exec(url.pathname);
  if (!call?.[1] || !call[2]) return reply(response, 404, { ok: false, error_code: 404, description: "Not Found" });
  const bot = bots.get(call[1]);
  if (!bot) return reply(response, 401, { ok: false, error_code: 401, description: "Unauthorized" });
  await answer(bot, call[2], await paramsOf(request, url, body), response);
}

async function answer(bot: BotState, method: string, params: Record<string, unknown>, response: ServerResponse): Promise<void> {
  const record = { method, params, at: Date.now(), status: 0 };
  bot.calls.push(record);
  const fault = bot.takeFault(method);
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault?.drop === "before") return void response.destroy();
  if (fault?.garbage) return void response.writeHead((record.status = fault.garbage.status)).end(fault.garbage.body);
  try {
    if (fault?.error) throw new Refusal(fault.error.code, fault.error.description, fault.error.retryAfter);
    const result = run(bot, method, params);
    if (fault?.drop === "after") return void response.destroy();
    record.status = 200;
    reply(response, 200, { ok: true, result });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    record.status = error.code;
    const parameters = error.retryAfter === undefined ? {} : { parameters: { retry_after: error.retryAfter } };
    reply(response, error.code, { ok: false, error_code: error.code, description: error.description, ...parameters });
  }
}

function run(bot: BotState, method: string, params: Record<string, unknown>): unknown {
  const known = parametersOf(method);
  if (!known) throw new Refusal(404, "Not Found");
  for (const name of ["chat_id", "text"])
    if (known.some((field) => field.name === name && field.required) && params[name] === undefined)
      throw badRequest(name === "text" ? "message text is empty" : "chat_id is empty");
  const problem = problemOfFields(params, known, method);
  if (problem) throw badRequest(`invalid parameters: ${problem}`);
  const { caption } = params;
  if (typeof caption === "string" && caption.length > 1024) throw badRequest("message caption is too long");
  return METHODS[method.toLowerCase()]?.(bot, params, Date.now()) ?? true;
}

function serveFile(bot: BotState | undefined, path: string, response: ServerResponse): void {
  const file = [...(bot?.files.values() ?? [])].find((candidate) => candidate.file_path === path);
  if (!bot || !file) return reply(response, 404, { ok: false, error_code: 404, description: "Not Found" });
  const fault = bot.takeFault("download");
  if (fault?.drop) return void response.destroy();
  if (fault?.error) return void response.writeHead(fault.error.code).end();
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": file.bytes.byteLength }).end(file.bytes);
}

/** Parameters come in the query, as JSON, as a form or multipart; outside JSON, objects are JSON texts. */
async function paramsOf(request: IncomingMessage, url: URL, body: Uint8Array<ArrayBuffer>): Promise<Record<string, unknown>> {
  const type = request.headers["content-type"] ?? "";
  const params: Record<string, unknown> = {};
  for (const [key, value] of url.searchParams) params[key] = loose(value);
  if (type.startsWith("application/json") && body.length > 0) {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    if (parsed !== null && typeof parsed === "object") Object.assign(params, parsed);
  } else if (/^(?:multipart\/form-data|application\/x-www-form-urlencoded)/.test(type))
    await readForm(new Response(body, { headers: { "content-type": type } }), params);
  return params;
}

/** A file stands in the parameter that names its part (`attach://…`), as its name and size. */
async function readForm(form: Response, params: Record<string, unknown>): Promise<void> {
  const parts = await form.formData();
  for (const [key, value] of parts) if (typeof value === "string") params[key] = loose(value);
  for (const [key, value] of Object.entries(params)) {
    const part = typeof value === "string" && value.startsWith("attach://") ? parts.get(value.slice("attach://".length)) : null;
    if (part instanceof File) params[key] = `${part.name} (${part.size} bytes)`;
  }
}

function loose(value: string): unknown {
  if (!/^(?:-?\d{1,15}|true|false|[[{][\s\S]*)$/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

async function bytesOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
