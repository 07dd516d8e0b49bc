import type { MemoryStore } from "../db/object/memories.ts";
import { analyze } from "./analyze.ts";
import { dayOf } from "./day-of.ts";
import { analyzeQuery } from "./query.ts";
import { spelledAlike } from "./spelled-alike.ts";
import type { SearchHit, SearchIndex, Space } from "./search.ts";
import type { MemoryView, RecallHit } from "./shapes.ts";
import { holds, type StoredMemory } from "./stored-memory.ts";

export interface RecallDeps {
  store: MemoryStore;
  index: SearchIndex;
  /** What a hit outside memory is, where it still is something: its text as it is to be read, and where it is from. */
  place(hit: SearchHit): Pick<RecallHit, "id" | "text" | "from" | "tainted"> | null;
  now(): number;
  timeZone(): string;
}

export interface RecallOptions {
  limit: number;
  /** Default: all. */
  spaces?: readonly Space[];
  /** How long vectors from elsewhere may take, milliseconds; then the words alone answer. */
  waitMs?: number;
  /** What another took the place of, too. Default: when the question is about the past. */
  past?: boolean;
}

/** Something that was found, with why. */
export type Recalled = RecallHit & {
  why: SearchHit["why"];
  /** Of a memory. */
  memory: StoredMemory | null;
};

const ALL: readonly Space[] = ["memory", "knowledge", "archive"];
/** Hits that are asked for beyond the limit: some are past, or gone. */
const SPARE = 12;
/** What being new adds is halved in this time. */
const HALF_LIFE_MS = 180 * 86_400_000;

/** A question about how things were: then what was replaced is an answer too. */
const PAST =
  /\b(?:used to|before|previous(?:ly)?|former(?:ly)?|in the past|back then|earlier|originally|at first|old (?:address|home|job|number|phone|email|name|employer)|ever|history)\b|\b(?:where|what|who|when|which|how|whom)\b[^.?!]*\b(?:did|was|were) (?:i|my|we|our|the user)\b|\bdid i (?:ever |use to )?(?:live|work|have|like|prefer|own|drive|go)\b/iu;

export const asksAboutPast = (text: string): boolean => PAST.test(text);

/** Asked about all of it, rather than about something: "me", "everything". */
const EVERYTHING = /^(?:(?:about )?(?:me|myself|us|the user|user|everything|anything|all(?: of it)?|you know|what you know)[\s.?!]*)+$/iu;

/** Finds what is remembered, written in documents or was said, best first. */
export class Recall {
  constructor(private readonly deps: RecallDeps) {}

  async find(text: string, options: RecallOptions): Promise<Recalled[]> {
    const { index, now, timeZone } = this.deps;
    const { limit, spaces = ALL, past = asksAboutPast(text), waitMs } = options;
    if (spaces.includes("memory") && (EVERYTHING.test(text.trim()) || analyze(text).length === 0)) return this.#known(limit);
    const hits = await index.search({
      text,
      spaces,
      limit: limit * 2 + SPARE,
      now: now(),
      timeZone: timeZone(),
      ...(waitMs === undefined ? {} : { waitMs }),
    });
    const near = this.#near(text);
    const found = hits.flatMap((hit) => (hit.space === "memory" ? (near(hit) ? this.#memory(hit, past) : []) : this.#placed(hit)));
    const seen = new Set<string>();
    return found
      .toSorted((a, b) => b.score - a.score || (b.at ?? 0) - (a.at ?? 0))
      .filter(({ space, id }) => {
        // The question and the answer to it are one find.
        const key = `${space} ${id}`;
        if (seen.has(key)) return false;
        seen.add(key);
        return true;
      })
      .slice(0, limit);
  }

  /** Where a memory is from, for a person. */
  from({ source, tainted, created_at, superseded_at }: MemoryView): string {
    const day = (at: number): string => dayOf(at, this.deps.timeZone());
    const who = tainted ? "read somewhere" : source.kind === "import" ? "imported" : source.kind === "document" ? "a document" : "you";
    return `${who}, ${day(created_at)}${superseded_at === null ? "" : `, until ${day(superseded_at)}`}`;
  }

  /** A memory as a find. */
  asHit(memory: StoredMemory, score: number, why: SearchHit["why"] = []): Recalled {
    const { id, text, about_at, created_at, tainted } = memory;
    return { space: "memory", id, text, from: this.from(memory), at: about_at ?? created_at, score, tainted, why, memory };
  }

  /** What is always known first, then the newest. */
  #known(limit: number): Recalled[] {
    const { store, now } = this.deps;
    const always = store.always();
    const ids = new Set(always.map(({ id }) => id));
    const rest = store.newest(limit + always.length).filter(({ id }) => !ids.has(id));
    return [...always, ...rest]
      .filter((memory) => holds(memory, now()))
      .slice(0, limit)
      .map((memory, place) => this.asHit(memory, 1 / (place + 1)));
  }

  /** Vectors that know spellings only find something for every question: of what they alone bring, what has a word like one that was asked for. */
  #near(text: string): (hit: SearchHit) => boolean {
    let spelling: boolean | null = null;
    const asked = analyzeQuery(text).terms.map(({ term }) => term);
    return (hit) => {
      if (hit.why.some((reason) => reason !== "meaning")) return true;
      spelling ??= this.deps.index.progress().embedder.startsWith("local");
      return !spelling || analyze(hit.text).some((term) => asked.some((other) => spelledAlike(term, other)));
    };
  }

  #memory({ id, score, why }: SearchHit, past: boolean): Recalled[] {
    const { store, now } = this.deps;
    const memory = store.get(id);
    if (memory === null) return [];
    const expired = memory.expires_at !== null && memory.expires_at <= now();
    if (!holds(memory, now()) && (!past || expired)) return [];
    const fresh = 2 ** (-Math.max(0, now() - memory.updated_at) / HALF_LIFE_MS);
    const used = Math.min(1, Math.log1p(memory.uses) / Math.log(50));
    const weight = 1 + 0.08 * fresh + (memory.pinned ? 0.1 : 0) + 0.05 * used - (memory.tainted ? 0.1 : 0) - 0.1 * (1 - memory.confidence);
    return [this.asHit(memory, score * weight, why)];
  }

  #placed(hit: SearchHit): Recalled[] {
    const place = this.deps.place(hit);
    return place === null ? [] : [{ ...place, space: hit.space, at: hit.at, score: hit.score, why: hit.why, memory: null }];
  }
}
