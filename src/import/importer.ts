import type { ImportRow, ImportStore } from "../db/object/imports.ts";
import type { NewMessage } from "../db/object/messages.ts";
import { MargayError } from "../errors.ts";
import { type Log, whereOf } from "../log.ts";
import { scrubKeys } from "../secrets/key-shapes.ts";
import { type FoundConversation, type FoundDocument, type FoundMemory, IMPORT_LIMITS, type ImportLimits, type Item } from "./found.ts";
import { contentId, conversationId, itemsOf, messageId } from "./items.ts";
import { PlanLines, Skipped, unitsOf } from "./plan.ts";
import { readArchive } from "./read-archive.ts";
import type { ImportPlan, ImportReport } from "./shapes.ts";

export type Taken = "added" | "known";

export interface ImporterDeps {
  imports: ImportStore;
  /** Whether a key is that of an upload of this user. */
  owns(key: string): boolean;
  /** The bytes of an upload; null: it is not there. */
  read(key: string): Promise<Uint8Array | null>;
  /** Deletes uploads that are not needed any more. */
  drop(keys: readonly string[]): Promise<void>;
  messages: { has(id: string): boolean; insert(message: NewMessage): unknown };
  persona: { text(): string; max: number; set(text: string, summary: string): void };
  /** Inside the transaction that records it, so at once. */
  addMemory(memory: Pick<FoundMemory, "text" | "memory" | "aboutAt" | "quote"> & { importId: string }): Taken;
  /** The same bytes are one document. Throws a `MargayError` for what cannot be taken in. */
  addDocument(document: { path: string; mime: string; collection: string | null; bytes: Uint8Array }): Promise<Taken>;
  /** Runs synchronous writes as one. */
  transaction<T>(work: () => T): T;
  /** Wakes the object at an instant to call {@link Importer.work}, durably. */
  wakeAt(at: number): Promise<void>;
  /** More was taken over; called after each piece of work. */
  progressed(): void;
  /** Lets others have their turn. */
  pause(): Promise<void>;
  log: Log;
  now(): number;
  newId(): string;
  limits?: ImportLimits;
}

/** So much is done in one go; then others have their turn, and the platform's limit of CPU time begins anew. */
const SLICE = { messages: 4_000, items: 400 };
/** Items between pauses. */
const BREATH = 50;
const MAX_ATTEMPTS = 5;
const AGAIN_MS = 30_000;
const PLAN_KEPT_MS = 7 * 24 * 3_600_000;
/** Less room than this for a persona is not worth a torn piece. */
const MIN_PERSONA = 200;

/** An archive that is being read; kept while one slice follows the other, so that it is not read from its beginning each time. */
interface Open {
  id: string;
  position: number;
  items: Iterator<Item>;
}

/**
 * Brings over what a person has elsewhere: looks at an archive and says what it holds, then takes it over. Every thing has an id made of what it is, and is written in one transaction with the note that it
 * was, so a second run adds nothing, and one that was interrupted goes on where it was.
 */
export class Importer {
  #open: Open | null = null;
  #working: Promise<void> | null = null;

  constructor(private readonly deps: ImporterDeps) {}

  /** Looks through an archive. Nothing is written but the plan. */
  async plan({ key, name }: { key: string; name: string }): Promise<ImportPlan> {
    const { deps } = this;
    const { format, items } = itemsOf(readArchive(await this.#bytes(key), name, deps.limits), deps.limits);
    const lines = new PlanLines();
    let seen = 0;
    for (const item of items) {
      lines.add(item, this.#isKnown(format, item));
      // Reading goes on only where nothing else waits: a large export takes seconds.
      // eslint-disable-next-line no-await-in-loop
      if (++seen % BREATH === 0) await deps.pause();
    }
    const plan: ImportPlan = {
      id: deps.newId(),
      format,
      lines: lines.lines(format, { set: deps.persona.text().trim() !== "", max: deps.persona.max }),
      skipped: lines.skipped.rows(),
    };
    if (plan.lines.length === 0) throw new MargayError("invalid_request", "There is nothing in it that could be taken over.");
    await deps.drop(deps.imports.dropPlansBefore(deps.now() - PLAN_KEPT_MS));
    deps.imports.insert({ ...fresh(), id: plan.id, fileKey: key, name, plan, units: lines.units, status: "planned" }, deps.now());
    return plan;
  }

  /** Begins, or goes on; what fits into one go is done when this returns. */
  async run(id: string): Promise<ImportReport> {
    const { imports, now, wakeAt } = this.deps;
    const row = this.#row(id);
    if (row.status === "done") return this.report(id);
    if (row.status !== "running") {
      // Before it counts as running, or a crash here would leave it so for ever.
      await wakeAt(now() + AGAIN_MS);
      imports.update({ ...row, status: "running", error: null, attempts: 0 }, now());
      this.#open = null;
    }
    await this.work();
    return this.report(id);
  }

  report(id: string): ImportReport {
    const { status, plan, added, known, skipped, error, units, done } = this.#row(id);
    const progress = status === "done" ? 1 : status === "planned" ? 0 : Math.min(0.99, units === 0 ? 0 : done / units);
    return { id, format: plan.format, status, progress, added, known, skipped, error };
  }

  /** Does the next piece of what is to be done. Call it when the object was woken, and at its start. */
  async work(): Promise<void> {
    this.#working ??= this.#step().finally(() => {
      this.#working = null;
    });
    await this.#working;
  }

  async #step(): Promise<void> {
    const { imports, now, wakeAt, log } = this.deps;
    const row = imports.running();
    if (row === null) return this.#dropArchives();
    try {
      // What ends the object counts as a try, so that an archive that always does is given up.
      imports.update({ ...row, attempts: row.attempts + 1 }, now());
      if (row.attempts >= MAX_ATTEMPTS)
        throw new MargayError("internal", "It was interrupted again and again, so it was given up. What was taken over so far stays.");
      await wakeAt(now() + AGAIN_MS);
      await this.#slice(row);
      this.deps.progressed();
    } catch (error) {
      this.#open = null;
      if (!(error instanceof MargayError)) {
        log("import_fault", { import: row.id, error: whereOf(error) }, "warn");
        return;
      }
      const reached = imports.get(row.id) ?? row;
      imports.update({ ...reached, status: "failed", error: { code: error.code, message: error.message } }, now());
    }
    if (imports.running() !== null) await wakeAt(now());
  }

  /** Archives of imports that are done hold what may be forgotten later, and nothing would look for it there. */
  async #dropArchives(): Promise<void> {
    const { imports, drop, now } = this.deps;
    const keys = imports.finishedArchives(now() - PLAN_KEPT_MS);
    await drop(keys);
    imports.archivesDropped(keys);
  }

  async #slice(row: ImportRow): Promise<void> {
    const { deps } = this;
    const open = await this.#opened(row);
    const { format } = row.plan;
    let current: ImportRow = { ...row, attempts: 0 };
    let [messages, items] = [0, 0];
    while (messages < SLICE.messages && items < SLICE.items) {
      const next = open.items.next();
      if (next.done === true) {
        deps.imports.update({ ...current, status: "done", done: current.units }, deps.now());
        this.#open = null;
        await this.#dropArchives();
        return;
      }
      const item = next.value;
      // eslint-disable-next-line no-await-in-loop -- one after the other: where it stands is a number
      current = await this.#take(current, format, item);
      open.position = current.position;
      items++;
      if (item.kind === "conversation") messages += item.messages.length;
      // eslint-disable-next-line no-await-in-loop
      if (items % BREATH === 0) await deps.pause();
    }
  }

  async #opened(row: ImportRow): Promise<Open> {
    if (this.#open?.id === row.id && this.#open.position === row.position) return this.#open;
    const { items } = itemsOf(readArchive(await this.#bytes(row.fileKey), row.name, this.deps.limits), this.deps.limits);
    for (let passed = 0; passed < row.position; passed++) {
      if (items.next().done === true) break;
      // eslint-disable-next-line no-await-in-loop
      if (passed % BREATH === 0) await this.deps.pause();
    }
    this.#open = { id: row.id, position: row.position, items };
    return this.#open;
  }

  /** Takes over one thing, together with where the import stands then. */
  async #take(row: ImportRow, format: ImportPlan["format"], item: Item): Promise<ImportRow> {
    const { deps } = this;
    const skipped = new Skipped(row.skipped);
    let taken: Taken | null = null;
    // Outside of the transaction: it takes time. The same bytes are one document however often they are given.
    if (item.kind === "document") taken = await this.#document(item, skipped);
    return deps.transaction(() => {
      if (item.kind === "persona") taken = this.#persona(row.id, format, item.text, skipped);
      if (item.kind === "memory") taken = this.#memory(row.id, format, item);
      if (item.kind === "conversation") taken = this.#conversation(row.id, format, item);
      if (item.kind === "skill") skipped.add(item.path, "Skills come in a later version.");
      if (item.kind === "skipped") skipped.add(item.path, item.reason);
      const counts = { added: { ...row.added }, known: { ...row.known } };
      if (taken !== null && item.kind !== "skipped") counts[taken][item.kind]++;
      const next: ImportRow = { ...row, ...counts, position: row.position + 1, done: row.done + unitsOf(item), skipped: skipped.rows() };
      deps.imports.update(next, deps.now());
      return next;
    });
  }

  #isKnown(format: ImportPlan["format"], item: Item): boolean {
    const { imports, messages } = this.deps;
    if (item.kind === "persona") return imports.has(contentId(format, "persona", item.text, null));
    if (item.kind === "memory") return imports.has(contentId(format, "memory", item.text, item.aboutAt));
    if (item.kind !== "conversation") return false;
    const conversation = conversationId(format, item);
    return item.messages.every((message) => messages.has(messageId(conversation, message)));
  }

  /** What the user has written stays; what is new stands below it, as far as there is room. */
  #persona(importId: string, format: ImportPlan["format"], text: string, skipped: Skipped): Taken | null {
    const { imports, persona } = this.deps;
    const id = contentId(format, "persona", text, null);
    const now = persona.text().trim();
    if (imports.has(id) || now.includes(text)) return "known";
    const room = persona.max - (now === "" ? 0 : now.length + 2);
    if (text.length > room && room < MIN_PERSONA) {
      skipped.add("persona", `There is no room for it: “How Margay should be” has at most ${persona.max.toLocaleString("en")} characters.`);
      return null;
    }
    const part = text.length <= room ? text : cutAtParagraph(text, room);
    persona.set(now === "" ? part : `${now}\n\n${part}`, "Imported how the agent should be");
    imports.note(id, importId);
    if (part.length < text.length)
      skipped.add(
        "persona",
        `The last ${(text.length - part.length).toLocaleString("en")} characters did not fit into “How Margay should be”.`,
      );
    return "added";
  }

  #memory(importId: string, format: ImportPlan["format"], { text, memory, aboutAt, quote }: FoundMemory): Taken {
    const id = contentId(format, "memory", text, aboutAt);
    if (this.deps.imports.has(id)) return "known";
    const taken = this.deps.addMemory({ text, memory, aboutAt, quote, importId });
    this.deps.imports.note(id, importId);
    return taken;
  }

  /** Into a conversation of its own, which is never part of what a model reads unless it is searched. All of it is content: who wrote what cannot be known. */
  #conversation(importId: string, format: ImportPlan["format"], item: FoundConversation): Taken {
    const { imports, messages, now } = this.deps;
    const conversation = conversationId(format, item);
    let taken: Taken = "known";
    let at = 0;
    for (const message of item.messages) {
      at = Math.min(now(), message.at ?? at);
      const id = messageId(conversation, message);
      if (messages.has(id)) continue;
      taken = "added";
      messages.insert({
        id,
        conversationId: conversation,
        role: message.role,
        kind: "chat",
        channel: "web",
        text: scrubKeys(message.text),
        content: [],
        steps: [],
        tainted: true,
        turnId: null,
        // Channels find messages of theirs by this; these are of none.
        externalId: null,
        status: "done",
        error: null,
        model: null,
        usage: null,
        createdAt: at,
      });
    }
    imports.nameConversation(conversation, scrubKeys(item.title), importId);
    return taken;
  }

  async #document(item: FoundDocument, skipped: Skipped): Promise<Taken | null> {
    const { path, mime, collection } = item;
    try {
      const bytes = item.bytes();
      if (bytes.length === 0) {
        skipped.add(path, "It is empty or too large.");
        return null;
      }
      return await this.deps.addDocument({ path, mime, collection, bytes });
    } catch (error) {
      if (!(error instanceof MargayError)) throw error;
      skipped.add(path, error.message);
      return null;
    }
  }

  async #bytes(key: string): Promise<Uint8Array> {
    // Another user's key is as good as one that is not there.
    const bytes = this.deps.owns(key) ? await this.deps.read(key) : null;
    if (bytes === null) throw new MargayError("not_found", "There is no such upload. Upload the archive again.");
    if (bytes.length > (this.deps.limits ?? IMPORT_LIMITS).archive) throw new MargayError("payload_too_large", "The archive is too large.");
    return bytes;
  }

  #row(id: string): ImportRow {
    const row = this.deps.imports.get(id);
    if (row === null) throw new MargayError("not_found", "There is no such import.");
    return row;
  }
}

const zero = (): ImportRow["added"] => ({ persona: 0, memory: 0, conversation: 0, document: 0, skill: 0 });

/** An import of which nothing is done. */
const fresh = () => ({ done: 0, position: 0, added: zero(), known: zero(), skipped: [], error: null, attempts: 0 });

function cutAtParagraph(text: string, most: number): string {
  const part = text.slice(0, most);
  const at = [part.lastIndexOf("\n\n"), part.lastIndexOf("\n"), part.lastIndexOf(". ") + 1].find((place) => place > most / 2) ?? most;
  return part.slice(0, at).trimEnd().toWellFormed();
}
