import type { RecallRequest } from "./deps.ts";
import { RECALL_BUDGET, type RecalledItem, withinBudget } from "./recalled.ts";
import { echoDue } from "../dates/echo.ts";
import type { Log } from "../log.ts";
import { analyze } from "../memory/analyze.ts";
import { analyzeQuery } from "../memory/query.ts";
import { type Archive, type ArchivedMessage, messageOf } from "../memory/archive.ts";
import type { SearchHit, SearchIndex } from "../memory/search.ts";

export interface AutomaticRecallDeps {
  index: SearchIndex;
  archive: Archive;
  /** Memories that fit, best first; they count as used now. */
  relevant(text: string, budgetChars: number): Promise<Omit<RecalledItem, "part">[]>;
  /** Whether the embedder in use knows what a sentence means: then a memory that shares no word with the question may fit it. */
  meaningCounts(): boolean;
  /** The documents that a conversation is limited to; null: all. */
  scope(conversationId: string | null): readonly string[] | null;
  /** Where a piece of a document is from; null: the document is not there, or not read to its end yet. */
  citation(chunkId: string): string | null;
  messages: { archived(ids: readonly string[]): ArchivedMessage[] };
  timeZone(): string;
  now(): number;
  log: Log;
}

/** How long vectors from elsewhere may take before the words alone answer, milliseconds: somebody waits. */
const WAIT_MS = 250;
/** Candidates of each kind. */
const CANDIDATES = 12;
/** Of a question's terms, the share that a piece must hold to enter by itself, and how many at least: what only sounds alike is left to the `recall` tool. */
const SHARE = 0.6;
const TERMS = 2;
/** Items of each kind at most. */
const MOST = { knowledge: 3, archive: 4 };
/** Characters of what was said that are shown. */
const EXCERPT = 500;
/** Messages indexed before a recall; more than one turn brings. What is left is indexed in the background. */
const FRESH = 50;

/**
 * What enters a context by itself: the best few of what is remembered, of the user's documents and of what was said before. Documents and whatever was said after reading something from
 * outside taint the turn, so they must fit well; what was said must besides be clean, since it can be asked for.
 */
export class AutomaticRecall {
  constructor(private readonly deps: AutomaticRecallDeps) {}

  async recall(request: RecallRequest): Promise<RecalledItem[]> {
    const { log, relevant, meaningCounts } = this.deps;
    const terms = new Set(analyzeQuery(request.text).terms.map(({ term }) => term));
    if (terms.size === 0) return [];
    try {
      const [memories, knowledge, archive] = await Promise.all([
        relevant(request.text, RECALL_BUDGET.memory),
        this.#knowledge(request, terms),
        this.#archive(request, terms),
      ]);
      // What only sounds alike to a small embedder does not fit.
      const fitting = memories.filter(({ why }) => meaningCounts() || /words|time/.test(why));
      return withinBudget([...fitting.map((item) => ({ ...item, part: "memory" as const })), ...knowledge, ...archive]);
    } catch (error) {
      log("recall_failed", { error: error instanceof Error ? error.message.slice(0, 300) : "?" }, "warn");
      return [];
    }
  }

  async #knowledge({ text, conversationId }: RecallRequest, terms: ReadonlySet<string>): Promise<RecalledItem[]> {
    const { index, scope, citation } = this.deps;
    if (index.count("knowledge") === 0) return [];
    const groups = scope(conversationId);
    const hits = await this.#search(text, "knowledge", groups);
    return hits
      .flatMap((hit) => {
        const from = citation(hit.id);
        // Asked for by the name of the document and by what it says.
        return from === null || !fits(`${from} ${hit.text}`, terms)
          ? []
          : [{ part: "knowledge" as const, id: hit.id, text: hit.text, from, why: "fits the question", tainted: true }];
      })
      .slice(0, MOST.knowledge);
  }

  async #archive({ text, fromSeq }: RecallRequest, terms: ReadonlySet<string>): Promise<RecalledItem[]> {
    const { archive, messages, timeZone } = this.deps;
    archive.catchUp(FRESH);
    const hits = (await this.#search(text, "archive", null)).filter((hit) => fits(hit.text, terms));
    const live = new Map(messages.archived(hits.map(({ id }) => messageOf(id))).map((message) => [message.id, message]));
    return hits
      .flatMap((hit): RecalledItem[] => {
        const message = live.get(messageOf(hit.id));
        // What the context holds anyway need not be there twice.
        if (!message || message.tainted || (fromSeq !== null && message.seq >= fromSeq)) return [];
        const who = message.role === "user" ? "the user" : "you";
        const from = `${who}, ${echoDue(message.createdAt, false, timeZone())}`;
        return [{ part: "archive", id: message.id, text: hit.text.slice(0, EXCERPT), from, why: "said before", tainted: false }];
      })
      .slice(0, MOST.archive);
  }

  #search(text: string, space: "knowledge" | "archive", groups: readonly string[] | null): Promise<SearchHit[]> {
    const { index, now, timeZone } = this.deps;
    return index.search({
      text,
      spaces: [space],
      limit: CANDIDATES,
      now: now(),
      timeZone: timeZone(),
      waitMs: WAIT_MS,
      ...(groups === null ? {} : { groups }),
    });
  }
}

function fits(text: string, terms: ReadonlySet<string>): boolean {
  const found = new Set(analyze(text));
  let shared = 0;
  for (const term of terms) if (found.has(term)) shared++;
  return shared >= TERMS && shared / terms.size >= SHARE;
}
