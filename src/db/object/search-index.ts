import type { Embedder } from "../../memory/embedder.ts";
import { type AnalyzedQuery, analyzeQuery } from "../../memory/query.ts";
import { type Candidate, rank, RANK_TUNING, type RankTuning } from "../../memory/rank.ts";
import { type WordScore, type WordScorer, wordScorer, type WordTuning, wordTuning } from "../../memory/rank-words.ts";
import type { SearchEntry, SearchHit, SearchIndex, SearchQuery, Space } from "../../memory/search.ts";
import { type TimeRange, timeRange } from "../../memory/time-range.ts";
import { cosineOf, type QuantisedVector } from "../../memory/vector-code.ts";
import { type VectorIndex, vectorKey, type VectorRef } from "../../memory/vector-index.ts";
import { ObjectVectors, vectorSchema } from "../../memory/vectors/object.ts";
import { withFeedback } from "../../memory/vector-feedback.ts";
import { entrySchema, type EntryRow, type EntryText, SearchEntries, SPACES } from "./search-entries.ts";

/** `search_gone` has the vectors elsewhere that are still to be deleted. */
export const searchSchema: readonly string[] = [
  ...entrySchema,
  ...vectorSchema,
  `CREATE TABLE search_gone (key TEXT PRIMARY KEY, row INTEGER NOT NULL) STRICT`,
];

export interface SearchIndexDeps {
  sql: SqlStorage;
  /** The one in use; another id means that vectors are made anew by `embed()`. */
  embedder(): Embedder;
  /** Default: in the object itself. */
  vectors?: VectorIndex;
  /** For measuring. */
  tuning?: { words?: Partial<WordTuning>; rank?: Partial<RankTuning> };
}

/** How many candidates words, meaning and time bring each. */
const CANDIDATES = 200;
const CANDIDATES_IN_MEANING = 120;
const CANDIDATES_IN_TIME = 100;
/** How many entries the words that candidates are sought by may be in, together: common words only rank what the rarer ones found. */
const SCANNED = 2_000;
/** How many of the best have their neighbours looked at, though nothing else speaks for those. */
const WITH_NEIGHBOURS = 40;
const NO_WORDS: WordScore = { score: 0, found: [] };
/** Vectors deleted elsewhere in one call. */
const DELETED_AT_ONCE = 500;

export class ObjectSearchIndex implements SearchIndex {
  readonly #deps: SearchIndexDeps;
  readonly #entries: SearchEntries;
  readonly #own: ObjectVectors;
  readonly #vectors: VectorIndex;
  readonly #rank: RankTuning;

  constructor(deps: SearchIndexDeps) {
    this.#deps = deps;
    this.#entries = new SearchEntries(deps.sql);
    this.#own = new ObjectVectors(deps.sql);
    this.#vectors = deps.vectors ?? this.#own;
    this.#rank = { ...RANK_TUNING, ...deps.tuning?.rank };
  }

  put(entries: readonly SearchEntry[]): void {
    this.#forgetVectors(this.#entries.put(entries));
  }

  delete(space: Space, ids: readonly string[]): void {
    this.#forgetVectors(this.#entries.remove(space, this.#entries.ofIds(space, ids)));
  }

  deleteGroup(space: Space, group: string): void {
    this.#forgetVectors(this.#entries.remove(space, this.#entries.inGroups([space], [group])));
  }

  clear(space: Space): void {
    this.#forgetVectors(this.#entries.remove(space, this.#entries.ofSpace(space)));
  }

  purge(spaces: readonly Space[]): void {
    for (const space of spaces) this.#entries.purge(space);
  }

  place(space: Space, id: string): { group: string | null; position: number } | null {
    return this.#entries.place(space, id);
  }

  count(space: Space): number {
    return this.#entries.size(space).entries;
  }

  async search(query: SearchQuery): Promise<SearchHit[]> {
    const { mode = "hybrid", limit, now } = query;
    const spaces = SPACES.filter((space) => query.spaces.includes(space));
    const sought = analyzeQuery(query.text);
    const range = timeRange(query.text, query);
    if ((sought.terms.length === 0 && range === null) || limit < 1 || spaces.length === 0) return [];
    // What comes from elsewhere may take its time; the object's own tables are read at once afterwards, so that what is found is of one moment.
    const near = mode === "lexical" || sought.terms.length === 0 ? null : await this.#findByMeaning({ ...query, spaces });
    const scorer = this.#scorer(sought, spaces);
    const found = new Map<number, EntryRow>();
    const add = (rows: readonly EntryRow[]): void => rows.forEach((row) => found.set(row.row, row));
    if (mode !== "vector") add(this.#findByWords(sought, spaces, scorer.frequency, query.groups));
    if (near) add(this.#entries.rows([...near.hits.keys()].filter((row) => !found.has(row))));
    if (range) for (const space of spaces) add(this.#entries.within(space, range.from, range.to, CANDIDATES_IN_TIME, query.groups));
    const allowed = query.groups && new Set(query.groups);
    const candidates = this.#rankable([...found.values()], scorer.score, near, mode);
    // What stands alone has no neighbours and gives no feedback: it is ranked once.
    const alone = candidates.every(({ group, space }) => group === null && space !== "knowledge");
    const first = alone ? [] : rank(candidates, { mode, now, range }, this.#rank).slice(0, WITH_NEIGHBOURS);
    const beside = this.#entries
      .beside(
        first
          .flatMap(({ candidate }) => (candidate.space === "knowledge" ? [] : [found.get(candidate.row)]))
          .filter((row) => row !== undefined),
        this.#rank.reach,
      )
      .filter((row) => !found.has(row.row) && spaces.includes(row.space) && (!allowed || allowed.has(row.group_id ?? "")));
    if (beside.length > 0) candidates.push(...this.#rankable(beside, scorer.score, near, mode));
    if (near)
      near.feedBack(
        candidates,
        first.slice(0, 5).map(({ candidate }) => candidate),
      );
    return this.#hits(candidates, { mode, now, range }, limit);
  }

  async embed(limit: number): Promise<{ done: number; left: number }> {
    await this.#deleteElsewhere();
    const embedder = this.#deps.embedder();
    const tag = this.#tag(embedder.id);
    let done = 0;
    while (done < limit) {
      const batch = this.#entries.without(tag, Math.min(embedder.maxBatch, limit - done));
      if (batch.length === 0) break;
      const vectors = await embedder.embed(batch.map(embeddedText), "document");
      const made = batch.flatMap((entry, index) => {
        const vector = vectors[index];
        return vector ? [{ ref: refOf(entry), space: entry.space, vector }] : [];
      });
      if (made.length < batch.length) throw new Error(`${embedder.id} gave ${made.length} vectors for ${batch.length} texts`);
      if (!this.#vectors.local) await this.#vectors.upsert(embedder.id, made);
      // What was deleted or changed meanwhile has no row any more.
      const live = this.#entries.texts(batch.map(({ row }) => row));
      const kept = made.filter(({ ref }) => live.has(ref.row));
      if (this.#vectors.local) void this.#vectors.upsert(embedder.id, kept);
      else this.#queueDeletions(made.filter(({ ref }) => !live.has(ref.row)).map(({ ref }) => ref));
      this.#entries.setEmbedder(
        kept.map(({ ref }) => ref.row),
        tag,
      );
      done += batch.length;
    }
    const { entries, embedded } = this.progress();
    return { done, left: entries - embedded };
  }

  progress(): { entries: number; embedded: number; embedder: string } {
    const { id } = this.#deps.embedder();
    return {
      entries: SPACES.reduce((sum, space) => sum + this.count(space), 0),
      embedded: this.#entries.embedded(this.#tag(id)),
      embedder: id,
    };
  }

  /** Where vectors are is a part of whose they are: moving them is making them anew. */
  #tag(embedder: string): string {
    return this.#vectors.local ? embedder : `${embedder}@${this.#vectors.name}`;
  }

  #scorer(sought: AnalyzedQuery, spaces: readonly Space[]): { score: WordScorer; frequency: ReadonlyMap<string, number> } {
    const size = { entries: 0, length: 0 };
    for (const space of spaces) {
      const one = this.#entries.size(space);
      size.entries += one.entries;
      size.length += one.length;
    }
    const frequency = this.#entries.frequencies(
      spaces,
      sought.terms.map(({ term }) => term),
    );
    const tuning = { ...wordTuning(size), ...this.#deps.tuning?.words };
    return { score: wordScorer(sought, { ...size, frequency }, tuning), frequency };
  }

  #findByWords(
    { terms }: AnalyzedQuery,
    spaces: readonly Space[],
    frequency: ReadonlyMap<string, number>,
    groups?: readonly string[],
  ): EntryRow[] {
    const wanted: string[] = [];
    let scanned = 0;
    const known = terms.flatMap(({ term }) => (frequency.has(term) ? [{ term, entries: frequency.get(term) ?? 0 }] : []));
    for (const { term, entries } of known.toSorted((a, b) => a.entries - b.entries)) {
      scanned += entries;
      if (wanted.length > 0 && scanned > SCANNED) break;
      wanted.push(term);
    }
    if (wanted.length === 0) return [];
    return this.#entries.rows(spaces.flatMap((space) => this.#entries.match(space, wanted, CANDIDATES, groups)));
  }

  /** null: there are no vectors to compare with, or they did not come in time. */
  async #findByMeaning({ text, spaces, groups, waitMs }: SearchQuery): Promise<Nearness | null> {
    const embedder = this.#deps.embedder();
    const find = async (): Promise<Nearness | null> => {
      const [vector] = await embedder.embed([text], "query");
      if (!vector) return null;
      const only = groups && new Set(this.#entries.inGroups(spaces, groups));
      const hits = await this.#vectors.query(embedder.id, vector, { spaces, limit: CANDIDATES_IN_MEANING, ...(only ? { only } : {}) });
      return new Nearness(vector, this.#alive(hits), (rows) => this.#vectors.read(embedder.id, rows));
    };
    // An embedder or a store that cannot be reached takes nothing away from what words find.
    const found = find().catch(() => null);
    if (waitMs === undefined) return await found;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), waitMs)));
    return await Promise.race([found, late]).finally(() => clearTimeout(timer));
  }

  /** Hits by row; those of a shared store only where the row is there and is what the vector was made of. */
  #alive(hits: readonly { ref: VectorRef; score: number }[]): Map<number, number> {
    const live = this.#vectors.local ? null : this.#entries.texts(hits.map(({ ref }) => ref.row));
    const alive = hits.filter(({ ref }) => {
      const entry = live?.get(ref.row);
      return live === null || (entry !== undefined && refOf(entry).key === ref.key);
    });
    return new Map(alive.map(({ ref, score }) => [ref.row, score]));
  }

  #rankable(rows: readonly EntryRow[], score: WordScorer, near: Nearness | null, mode: SearchQuery["mode"]): Candidate[] {
    near?.learn(rows.map(({ row }) => row));
    return rows.map(({ row, space, id, group_id: group, position, at, terms, length }) => {
      const { score: words, found } = mode === "vector" ? NO_WORDS : score(terms, length);
      return { row, space, id, group, position, at, words, found, meaning: near?.of(row) ?? null, terms };
    });
  }

  #hits(
    candidates: readonly Candidate[],
    query: { mode: "lexical" | "vector" | "hybrid"; now: number; range: TimeRange | null },
    limit: number,
  ): SearchHit[] {
    const best = rank(candidates, query, this.#rank).slice(0, limit);
    const texts = this.#entries.texts(best.map(({ candidate }) => candidate.row));
    return best.flatMap(({ candidate: { row, space, id, group, at }, score, why }) => {
      const text = texts.get(row)?.text;
      return text === undefined ? [] : [{ space, id, group, text, at, score, why }];
    });
  }

  #forgetVectors(gone: readonly EntryText[]): void {
    if (gone.length === 0) return;
    const refs = gone.map(refOf);
    void this.#own.delete(refs);
    if (!this.#vectors.local) this.#queueDeletions(refs);
  }

  #queueDeletions(refs: readonly VectorRef[]): void {
    for (const { key, row } of refs) this.#deps.sql.exec("INSERT OR REPLACE INTO search_gone (key, row) VALUES (?, ?)", key, row);
  }

  async #deleteElsewhere(): Promise<void> {
    if (this.#vectors.local) return;
    for (;;) {
      const refs = this.#deps.sql.exec<{ key: string; row: number }>("SELECT key, row FROM search_gone LIMIT ?", DELETED_AT_ONCE).toArray();
      if (refs.length === 0) return;
      await this.#vectors.delete(refs);
      this.#deps.sql.exec(
        "DELETE FROM search_gone WHERE key IN (SELECT value FROM json_each(?))",
        JSON.stringify(refs.map(({ key }) => key)),
      );
    }
  }
}

/** How near entries are to a question. */
class Nearness {
  readonly #vectors = new Map<number, QuantisedVector>();

  constructor(
    readonly vector: Float32Array,
    readonly hits: Map<number, number>,
    readonly read: (rows: readonly number[]) => ReadonlyMap<number, QuantisedVector>,
  ) {}

  learn(rows: readonly number[]): void {
    for (const [row, stored] of this.read(rows.filter((one) => !this.#vectors.has(one)))) {
      this.#vectors.set(row, stored);
      if (!this.hits.has(row)) this.hits.set(row, cosineOf(this.vector, stored));
    }
  }

  of(row: number): number | null {
    return this.hits.get(row) ?? null;
  }

  /** Asks again with what the best pieces of documents are like; short entries would lead astray. */
  feedBack(candidates: readonly Candidate[], best: readonly Candidate[]): void {
    if (best.length === 0 || !best.every(({ space }) => space === "knowledge")) return;
    const wider = withFeedback(
      this.vector,
      best.flatMap(({ row }) => this.#vectors.get(row) ?? []),
    );
    for (const candidate of candidates) {
      const stored = this.#vectors.get(candidate.row);
      if (stored) candidate.meaning = cosineOf(wider, stored);
    }
  }
}

const embeddedText = ({ heading, text }: EntryText): string => (heading === "" ? text : `${heading}\n${text}`);
const refOf = (entry: EntryText): VectorRef => ({ row: entry.row, key: vectorKey(entry.space, entry.id, embeddedText(entry)) });
