import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { startModelServer } from "../support/model-server.ts";
import { ms, percentile, type Row } from "./table.ts";

/** The least that an agent in a Durable Object does: keep what was said, call the model, keep what it answered. No sign-in, no journal, no metering. */
const WORKER = `
import { DurableObject } from "cloudflare:workers";
export class Bare extends DurableObject {
  constructor(context, env) {
    super(context, env);
    context.storage.sql.exec("CREATE TABLE IF NOT EXISTS said (id INTEGER PRIMARY KEY, text TEXT)");
  }
  async turn(text) {
    const { sql } = this.ctx.storage;
    sql.exec("INSERT INTO said (text) VALUES (?)", text);
    const response = await fetch(this.env.MODELS + "/v1/messages", {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": "sk-bare", "anthropic-version": "2023-06-01" },
      body: JSON.stringify({ model: "claude-sonnet-5", max_tokens: 100, stream: true, messages: [{ role: "user", content: text }] }),
    });
    const answer = await response.text();
    sql.exec("INSERT INTO said (text) VALUES (?)", answer);
    return answer;
  }
}
export default {
  async fetch(request, env) {
    const { user, message } = await request.json();
    return Response.json({ answer: await env.BARE.getByName(user).turn(message) });
  },
};`;

const TURNS = 300;
const USERS = 8;

/** What this machine takes for that much: the floor below every turn, to read the other numbers by. */
export async function benchBare(): Promise<Row[]> {
  const models = await startModelServer();
  const state = mkdtempSync(join(tmpdir(), "margay-bench-bare-"));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: "bare",
      modules: [{ type: "ESModule", path: "bare.mjs", contents: WORKER }],
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["nodejs_compat"],
      host: "127.0.0.1",
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      bindings: { MODELS: models.url },
      durableObjects: { BARE: { className: "Bare", useSQLite: true } },
      durableObjectsPersist: state,
    }),
  );
  try {
    const { origin } = await miniflare.ready;
    const turn = async (user: string): Promise<number> => {
      const start = performance.now();
      const response = await fetch(origin, { method: "POST", body: JSON.stringify({ user, message: "Message" }) });
      if (!response.ok) throw new Error(`the bare object answered ${response.status}`);
      await response.arrayBuffer();
      return performance.now() - start;
    };
    const series = async (user: string, count: number): Promise<number[]> => {
      const times: number[] = [];
      for (let index = 0; index < count; index++) times.push(await turn(user));
      return times;
    };
    await series("one", 60);
    const alone = await series("one", TURNS);
    const start = performance.now();
    await Promise.all(Array.from({ length: USERS }, (_, user) => series(`user ${user}`, 100)));
    const seconds = (performance.now() - start) / 1000;
    return [
      { name: "floor: a bare object that keeps and asks, p50", value: ms(percentile(alone, 0.5)) },
      { name: `floor: turns a second of it, ${USERS} users`, value: ((USERS * 100) / seconds).toFixed(1) },
    ];
  } finally {
    await miniflare.dispose();
    await models.close();
    rmSync(state, { recursive: true, force: true });
  }
}
