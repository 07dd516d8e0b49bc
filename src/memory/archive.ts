import { z } from "zod";
import type { SearchEntry, SearchIndex } from "./search.ts";

/** A message as the archive indexes it. */
export interface ArchivedMessage {
  id: string;
  seq: number;
  conversationId: string;
  role: "user" | "assistant" | "notice";
  text: string;
  tainted: boolean;
  turnId: string | null;
  /** UTC milliseconds. */
  createdAt: number;
  /** Waits for its turn: it is indexed when it has one. */
  queued: boolean;
}

export interface ArchiveDeps {
  index: SearchIndex;
  messages: {
    /** Chat messages of every conversation after a number that were not taken back, in order. */
    archiveAfter(seq: number, limit: number): ArchivedMessage[];
    archived(ids: readonly string[]): ArchivedMessage[];
  };
  settings: { read<T>(key: string, schema: z.ZodType<T>): T | null; write(key: string, value: unknown, now: number): void };
  transaction<T>(work: () => T): T;
  now(): number;
}

/** Where indexing stands: the last message, and the session that it belongs to. */
const State = z.object({ seq: z.number(), conversation: z.string(), session: z.number(), position: z.number(), at: z.number() });
type State = z.infer<typeof State>;
const KEY = "archive_seen";

/** A pause after which what follows is another session, milliseconds. */
const SESSION_GAP_MS = 2 * 3_600_000;
/** Characters of one entry; a longer message is several. */
const PIECE = 2_000;
/** Pieces of one message at most: a pasted book is not what was said. */
const MAX_PIECES = 30;

/** The conversation as it can be searched: every message, in its session and with its date. Indexed behind the conversation, only what is new, and before anybody searches. */
export class Archive {
  constructor(private readonly deps: ArchiveDeps) {}

  /** Indexes what came since the last time, at most so many messages. How many are left is not known: call it until it gives 0. */
  catchUp(limit: number): number {
    const { messages, transaction } = this.deps;
    const state = this.#state();
    const fresh = messages.archiveAfter(state.seq, limit);
    const waiting = fresh.findIndex(({ queued }) => queued);
    const ready = fresh.slice(0, waiting === -1 ? undefined : waiting);
    if (ready.length === 0) return 0;
    transaction(() => this.#add(ready, state));
    return ready.length;
  }

  #add(ready: readonly ArchivedMessage[], from: State): void {
    const { index, settings, now } = this.deps;
    let state = from;
    const entries: SearchEntry[] = [];
    for (const message of ready) {
      const same = message.conversationId === state.conversation && Math.abs(message.createdAt - state.at) < SESSION_GAP_MS;
      const session = same ? state.session : state.session + 1;
      const position = same ? state.position + 1 : 0;
      state = { seq: message.seq, conversation: message.conversationId, session, position, at: message.createdAt };
      entries.push(...entriesOf(message, `${message.conversationId}/${session}`, position));
    }
    index.put(entries);
    settings.write(KEY, state, now());
  }

  /** Indexes messages again whose text was changed. */
  refresh(ids: readonly string[]): void {
    const { index, messages } = this.deps;
    const { seq } = this.#state();
    for (const message of messages.archived(ids)) {
      // What was not reached yet is read as it is when it is.
      if (message.seq > seq) continue;
      const place = index.place("archive", message.id);
      index.delete("archive", piecesOf(message.id));
      index.put(entriesOf(message, place?.group ?? message.conversationId, place?.position ?? 0));
    }
  }

  /** Begins anew, as after a change of how texts are indexed. */
  reset(): void {
    this.deps.index.clear("archive");
    this.deps.settings.write(KEY, START, this.deps.now());
  }

  #state(): State {
    return this.deps.settings.read(KEY, State) ?? START;
  }
}

const START: State = { seq: 0, conversation: "", session: 0, position: 0, at: 0 };

/** A message's id from an entry's. */
export const messageOf = (entryId: string): string => entryId.split("#")[0] ?? entryId;

const piecesOf = (id: string): string[] => [id, ...Array.from({ length: MAX_PIECES - 1 }, (_, index) => `${id}#${index + 1}`)];

function entriesOf(message: ArchivedMessage, group: string, position: number): SearchEntry[] {
  if (message.role === "notice" || message.text.trim() === "") return [];
  return split(message.text).map((text, index) => ({
    space: "archive" as const,
    id: index === 0 ? message.id : `${message.id}#${index}`,
    text,
    group,
    position,
    at: message.createdAt,
  }));
}

/** Pieces at the ends of paragraphs or sentences where there are some. */
function split(text: string): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > PIECE && pieces.length < MAX_PIECES - 1) {
    const head = rest.slice(0, PIECE);
    const at = Math.max(head.lastIndexOf("\n"), head.lastIndexOf(". "), Math.floor(PIECE / 2));
    pieces.push(rest.slice(0, at + 1).trim());
    rest = rest.slice(at + 1).trim();
  }
  if (rest !== "") pieces.push(rest.slice(0, PIECE));
  return pieces;
}
