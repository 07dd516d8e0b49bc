import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { ObjectSearchIndex } from "../../src/db/object/search-index.ts";
import { migrateObject } from "../../src/db/object/schema.ts";
import { localEmbedder } from "../../src/memory/embedders/local.ts";
import { readCase, type Evaluation } from "./evaluation.ts";
import { sqliteStorage } from "./gate/sqlite-storage.ts";
import { asKnowledge, asMemory, type CorpusItem } from "./retrieval/corpus-entries.ts";
import { mean, measure, type Metrics } from "./retrieval/metrics.ts";

const USAGE =
  "usage: npm run eval -- retrieval --corpus FILE --queries FILE [--mode lexical|vector|hybrid] [--as memory|knowledge] [--unit id|group] [--limit HITS]";

/** Milliseconds, from a number or from ISO 8601 text. */
const Time = z.union([z.number(), z.string().transform((text) => Date.parse(text))]).refine(Number.isFinite, "is not a time");
const Id = z.union([z.string(), z.number()]).transform(String);
const Item = z.object({ id: Id, text: z.string(), time: Time.nullish(), group: Id.nullish() });
const Query = z.object({ id: Id, query: z.string(), relevant: z.array(Id), time: Time.nullish() });
const Options = z.object({
  corpus: z.string(),
  queries: z.string(),
  mode: z.enum(["lexical", "vector", "hybrid"]).default("hybrid"),
  as: z.enum(["memory", "knowledge"]).default("knowledge"),
  unit: z.enum(["id", "group"]).optional(),
  limit: z.coerce.number().int().min(10).max(1_000).default(100),
});
type Options = z.infer<typeof Options>;

/** How well what is relevant is found: the product's own index, embedder and search on a corpus and questions from outside, with no path of its own. */
export const retrieval: Evaluation = {
  name: "retrieval",
  description: "search: --corpus FILE --queries FILE [--mode …] [--as …] → { metrics, by_group?, latency_ms, rankings }",
  async run(args) {
    const options = readOptions(args);
    if (!options) {
      process.stderr.write(`${USAGE}\n`);
      process.exitCode = 2;
      return;
    }
    const report = await evaluate(options, lines(options.corpus, Item), lines(options.queries, Query));
    await new Promise<void>((resolve, reject) =>
      process.stdout.write(`${JSON.stringify(report)}\n`, (error) => (error ? reject(error) : resolve())),
    );
  },
  answer: () => ({ error: USAGE }),
};

function readOptions(args: readonly string[]): Options | null {
  const names = ["corpus", "queries", "mode", "as", "unit", "limit"] as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
    });
    return Options.safeParse(values).data ?? null;
  } catch {
    return null;
  }
}

function lines<T>(file: string, schema: z.ZodType<T>): T[] {
  const read: T[] = [];
  for (const [index, line] of readFileSync(file, "utf8")
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "") continue;
    const one = readCase(line, schema);
    if ("error" in one) throw new Error(`${file}:${index + 1}: ${one.error.error}`);
    read.push(one.case);
  }
  return read;
}

async function evaluate(options: Options, corpus: readonly z.infer<typeof Item>[], queries: readonly z.infer<typeof Query>[]) {
  const items = corpus.map(({ id, text, time, group }): CorpusItem => ({ id, text, at: time ?? null, group: group ?? null }));
  const { entries, itemOf } = await (options.as === "memory" ? asMemory(items) : asKnowledge(items));
  const { storage } = sqliteStorage();
  migrateObject(storage);
  const index = new ObjectSearchIndex({ sql: storage.sql, embedder: () => localEmbedder });
  const began = performance.now();
  storage.transactionSync(() => index.put(entries));
  const indexed = performance.now();
  if (options.mode !== "lexical") while ((await index.embed(1_000)).left > 0);
  const embedded = performance.now();

  const groupOf = new Map(items.map(({ id, group }) => [id, group]));
  const groups = new Set(items.flatMap(({ group }) => group ?? []));
  // A question that says no moment of its own is asked when everything in the corpus has been said.
  const latest = items.reduce((last, { at }) => Math.max(last, at ?? 0), 0) || Date.now();
  const [byId, byGroup, latencies]: [Metrics[], Metrics[], number[]] = [[], [], []];
  const rankings: { id: string; ranking: string[]; groups?: string[] }[] = [];
  for (const { id, query, relevant, time } of queries) {
    const asked = performance.now();
    const hits = await index.search({
      text: query,
      spaces: [options.as === "memory" ? "archive" : "knowledge"],
      limit: options.limit,
      now: time ?? latest,
      timeZone: "UTC",
      mode: options.mode,
    });
    latencies.push(performance.now() - asked);
    const ranking = [...new Set(hits.map((hit) => itemOf.get(hit.id) ?? hit.id))];
    const groupRanking = [...new Set(ranking.flatMap((one) => groupOf.get(one) ?? []))];
    const ids = relevant.filter((one) => groupOf.has(one));
    const inGroups = new Set(relevant.flatMap((one) => groupOf.get(one) ?? (groups.has(one) ? one : [])));
    if (ids.length > 0 && options.unit !== "group") byId.push(measure(ranking, new Set(ids)));
    if (inGroups.size > 0) byGroup.push(measure(groupRanking, inGroups));
    rankings.push({ id, ranking, ...(groups.size > 0 ? { groups: groupRanking } : {}) });
  }
  const unit = options.unit ?? (byId.length === 0 && byGroup.length > 0 ? "group" : "id");
  const sorted = latencies.toSorted((a, b) => a - b);
  const share = (part: number): number => Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(2));
  return {
    mode: options.mode,
    as: options.as,
    unit,
    embedder: localEmbedder.id,
    items: items.length,
    entries: entries.length,
    queries: queries.length,
    scored: unit === "group" ? byGroup.length : byId.length,
    metrics: mean(unit === "group" ? byGroup : byId),
    ...(byGroup.length > 0 ? { by_group: mean(byGroup) } : {}),
    latency_ms: { p50: share(0.5), p95: share(0.95) },
    index_ms: { words: Math.round(indexed - began), vectors: Math.round(embedded - indexed) },
    rankings,
  };
}
