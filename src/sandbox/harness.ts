/** The module that a run begins with. */
export const HARNESS_MODULE = "margay-harness.js";

/**
 * What runs beside the code, in the same isolate: it gives the code its scope and speaks with the host by one WebSocket, in JSON. Nothing rests on it: code can change whatever is in its isolate, so the host checks
 * names, sizes and rights itself, and takes what it is sent as the code's own words. It keeps what it needs of the language before the code runs, so that a code that changes that by mistake still gets an answer.
 */
export const HARNESS = String.raw`
import { WorkerEntrypoint } from "cloudflare:workers";
import { format, inspect } from "node:util";

const { stringify, parse } = JSON;
const { create, defineProperty, freeze } = Object;
const NO_NETWORK = "Code has no network; call tools.web_fetch";
const encoder = new TextEncoder();

function refuse() { throw new Error(NO_NETWORK); }
function give(name, value) { defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true }); }

function plain(value) {
  const seen = new Set();
  const walk = (one, depth) => {
    if (one === null || typeof one === "string" || typeof one === "boolean") return one;
    if (typeof one === "number") return Number.isFinite(one) ? one : String(one);
    if (one === undefined) return null;
    if (typeof one === "bigint") return String(one);
    if (typeof one !== "object") return inspect(one);
    if (one instanceof Date) return Number.isNaN(one.getTime()) ? null : one.toISOString();
    if (one instanceof Error) return { error: one.name + ": " + one.message };
    if (ArrayBuffer.isView(one) || one instanceof ArrayBuffer) return one.byteLength > 1000 ? { bytes: one.byteLength } : Array.from(one instanceof ArrayBuffer ? new Uint8Array(one) : one, (n) => walk(n, depth + 1));
    if (seen.has(one) || depth > 40) return "[circular]";
    seen.add(one);
    let made;
    if (typeof one.toJSON === "function") made = walk(one.toJSON(), depth + 1);
    else if (Array.isArray(one)) made = Array.from(one, (each) => walk(each, depth + 1));
    else if (one instanceof Set) made = Array.from(one, (each) => walk(each, depth + 1));
    else {
      made = {};
      const entries = one instanceof Map ? one.entries() : Object.entries(one);
      for (const [key, each] of entries) if (each !== undefined && typeof each !== "function") made[String(key)] = walk(each, depth + 1);
    }
    seen.delete(one);
    return made;
  };
  return stringify(walk(value, 0));
}

function told(error) {
  const known = error instanceof Error;
  const line = known ? /code\.js:(\d+)/.exec(String(error.stack)) : null;
  return { name: known ? String(error.name) : "Error", message: known ? String(error.message) : "Thrown: " + inspect(error), line: line ? Number(line[1]) : null };
}

async function begin(socket, { scope, input, outputChars }) {
  const asked = new Map();
  let count = 0, room = outputChars, lines = [], over = false;
  const post = (message) => socket.send(stringify(message));
  const flush = () => { if (lines.length > 0) { const sent = lines; lines = []; post({ type: "log", lines: sent }); } };
  const log = (...words) => {
    if (over) throw new Error("Too much output.");
    let text = format(...words);
    if (text.length > room) { text = text.slice(0, room); over = true; }
    room -= text.length + 1;
    if (lines.length === 0) queueMicrotask(flush);
    lines.push(text);
    if (over) { flush(); post({ type: "end", ended: "output" }); }
  };
  socket.addEventListener("message", ({ data }) => {
    const { id, answer } = parse(data);
    const waiting = asked.get(id);
    asked.delete(id);
    if (!waiting) return;
    if (answer.ok) return waiting.resolve(answer.value);
    const error = new Error(answer.error.message);
    error.name = answer.error.name;
    waiting.reject(error);
  });
  let open = 0;
  const queue = [];
  const ask = async (request) => {
    if (open >= 32) await new Promise((resolve) => queue.push(resolve));
    open++;
    const { promise, resolve, reject } = Promise.withResolvers();
    asked.set(++count, { resolve, reject });
    flush();
    post({ type: "ask", id: count, request });
    try { return await promise; } finally { open--; queue.shift()?.(); }
  };
  const tools = create(null);
  for (const name of scope.tools) tools[name] = (given = {}) => ask({ kind: "tool", name, input: given });
  const readBytes = async (path) => Uint8Array.fromBase64(await ask({ kind: "read", path: String(path) }));
  const files = {};
  if (scope.files.read) {
    files.readBytes = readBytes;
    files.readText = (path) => ask({ kind: "text", path: String(path) });
    files.list = (path = "/") => ask({ kind: "list", path: String(path) });
  }
  if (scope.files.write)
    files.write = async (path, data) => {
      const bytes = typeof data === "string" ? encoder.encode(data)
        : data instanceof ArrayBuffer ? new Uint8Array(data)
        : ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
        : encoder.encode(stringify(data, null, 2));
      return ask({ kind: "write", path: String(path), base64: bytes.toBase64() });
    };
  give("tools", freeze(tools));
  if (scope.files.read || scope.files.write) give("files", freeze(files));
  give("input", input);
  for (const name of ["log", "info", "debug", "warn", "error", "trace", "dir", "table"]) console[name] = log;
  give("fetch", refuse);
  give("WebSocket", function WebSocket() { refuse(); });
  give("EventSource", function EventSource() { refuse(); });
  addEventListener("unhandledrejection", (event) => { try { log("Unhandled:", event.reason); } catch { /* It is over. */ } });
  try {
    const { default: code } = await import('./code.js');
    const value = plain(await (typeof code === "function" ? run(code) : code));
    flush();
    if (value.length <= outputChars) post({ type: "end", ended: "done", value, cut: false });
    else post({ type: "end", ended: "done", value: stringify(value.slice(0, outputChars)), cut: true });
  } catch (error) {
    if (over) return;
    flush();
    post({ type: "end", ended: "error", error: told(error) });
  }
}

/** What gives a function is meant to be run: "async () => { … }". */
async function run(code) {
  const value = await code();
  return typeof value === "function" && value !== code && !/^class\s/.test(String(value)) ? value() : value;
}

export default class extends WorkerEntrypoint {
  fetch() {
    const { 0: theirs, 1: ours } = new WebSocketPair();
    ours.accept();
    ours.addEventListener("message", ({ data }) => void begin(ours, parse(data)), { once: true });
    return new Response(null, { status: 101, webSocket: theirs });
  }
}
`;
