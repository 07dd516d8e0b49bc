import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { z } from "zod";
import { mean, measure, type Metrics } from "../../scripts/eval/retrieval/metrics.ts";
import type { SearchEntry, SearchQuery, Space } from "../../src/memory/search.ts";
import { wrangler } from "./deployment.ts";
import { chunkData, recallData } from "./recall/data.ts";
import { ms, percentile, type Row } from "./table.ts";

const NOW = Date.UTC(2026, 10, 1);
const QUESTIONS = 200;
const Found = z.object({ ids: z.array(z.string()), rowsRead: z.number() });

interface User {
  fill(entries: readonly SearchEntry[]): Promise<void>;
  ping(): Promise<number>;
  search(text: string, space: Space, mode: SearchQuery["mode"]): Promise<{ ids: string[]; rowsRead: number; took: number }>;
}

/** Recall in workerd, from outside the object: how long a warm question takes with 100 to 50,000 entries, what it reads, and whether it finds what was meant. */
export async function benchRecall(): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), "margay-bench-recall-"));
  const config = join(directory, "wrangler.json");
  writeFileSync(
    config,
    JSON.stringify({
      name: "recall",
      main: join(import.meta.dirname, "recall/worker.ts"),
      compatibility_date: "2026-11-01",
      compatibility_flags: ["nodejs_compat"],
      minify: true,
    }),
  );
  await wrangler(["deploy", "--dry-run", "--config", config, "--outdir", directory]);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: "recall",
      modules: [{ type: "ESModule", path: "recall.mjs", contents: readFileSync(join(directory, "worker.js"), "utf8") }],
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["nodejs_compat"],
      host: "127.0.0.1",
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      durableObjects: { RECALL: { className: "Recall", useSQLite: true } },
      durableObjectsPersist: join(directory, "state"),
    }),
  );
  try {
    const { origin } = await miniflare.ready;
    const idle = userOf(origin, "nobody");
    const pings: number[] = [];
    for (let index = 0; index < QUESTIONS; index++) pings.push(await idle.ping());
    const rows: Row[] = [
      {
        name: "recall, a question of nothing (within every number): p50 / p95",
        value: `${ms(percentile(pings, 0.5))} / ${ms(percentile(pings, 0.95))}`,
      },
    ];
    for (const count of [100, 1_000, 10_000]) rows.push(...(await memories(userOf(origin, `memories ${count}`), count)));
    rows.push(...(await chunks(userOf(origin, "chunks"))));
    return rows;
  } finally {
    await miniflare.dispose();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function memories(user: User, count: number): Promise<Row[]> {
  const { entries, questions } = recallData(count, QUESTIONS);
  await user.fill(entries);
  const rows: Row[] = [];
  for (const mode of ["lexical", "vector", "hybrid"] as const) {
    const scores: Metrics[] = [];
    const took: number[] = [];
    let read = 0;
    for (const { text } of questions.slice(0, 20)) await user.search(text, "memory", mode);
    for (const { text, answer } of questions) {
      const found = await user.search(text, "memory", mode);
      took.push(found.took);
      read += found.rowsRead;
      scores.push(measure(found.ids, new Set([answer])));
    }
    const quality = mean(scores);
    const name = `recall, ${count.toLocaleString("en-US")} memories, ${mode}`;
    rows.push(
      {
        name: `${name}: p50 / p95`,
        value: `${ms(percentile(took, 0.5))} / ${ms(percentile(took, 0.95))}`,
        ...(mode === "hybrid" && count === 10_000 ? { goal: "p95 < 20 ms" } : {}),
      },
      { name: `${name}: rows read`, value: Math.round(read / questions.length).toLocaleString("en-US") },
      {
        name: `${name}: recall@5 / recall@10 / nDCG@10`,
        value: `${quality.recall_at_5} / ${quality.recall_at_10} / ${quality.ndcg_at_10}`,
      },
    );
  }
  return rows;
}

async function chunks(user: User): Promise<Row[]> {
  const { entries, questions } = chunkData(50_000);
  await user.fill(entries);
  const rows: Row[] = [];
  for (const mode of ["lexical", "hybrid"] as const) {
    const took: number[] = [];
    let read = 0;
    const first = await user.search(questions[0] ?? "", "knowledge", mode);
    for (const question of questions) {
      const found = await user.search(question, "knowledge", mode);
      took.push(found.took);
      read += found.rowsRead;
    }
    const name = `recall, 50,000 chunks, ${mode}`;
    rows.push(
      { name: `${name}: p50 / p95`, value: `${ms(percentile(took, 0.5))} / ${ms(percentile(took, 0.95))}` },
      { name: `${name}: the first`, value: ms(first.took) },
      { name: `${name}: rows read`, value: Math.round(read / questions.length).toLocaleString("en-US") },
    );
  }
  return rows;
}

function userOf(origin: string, user: string): User {
  const ask = async (call: string, value: unknown): Promise<unknown> => {
    const send = (): Promise<Response> => fetch(origin, { method: "POST", body: JSON.stringify({ user, call, value }) });
    // A kept connection may be closed just as it is used again; every call may be repeated.
    const response = await send().catch(send);
    if (!response.ok) throw new Error(`recall answered ${response.status}: ${await response.text()}`);
    return await response.json();
  };
  return {
    async fill(entries) {
      for (let from = 0; from < entries.length; from += 500) await ask("put", entries.slice(from, from + 500));
      while (z.number().parse(await ask("embed", null)) > 0);
    },
    async ping() {
      const start = performance.now();
      await ask("ping", null);
      return performance.now() - start;
    },
    async search(text, space, mode) {
      const query: SearchQuery = { text, spaces: [space], limit: 10, now: NOW, timeZone: "UTC", ...(mode ? { mode } : {}) };
      const start = performance.now();
      const found = Found.parse(await ask("search", query));
      return { ...found, took: performance.now() - start };
    },
  };
}
