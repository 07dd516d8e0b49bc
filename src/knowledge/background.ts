import { whereOf } from "../log.ts";
import type { Adding } from "./adding.ts";
import type { Clearing } from "./clearing.ts";
import { type KnowledgeDeps, pause } from "./deps.ts";
import type { Ingest } from "./ingest.ts";
import type { Unindexed } from "./unindexed.ts";

/** While there is work the object is woken this often: should it have ended, the work goes on. */
const AWAKE_MS = 30_000;
/** Until the next try of what could not be reached. */
const AGAIN_MS = 60_000;
/** A file of a message that cannot be looked at this often is left alone. */
const MAX_FAULTS = 20;

interface BackgroundDeps extends Pick<KnowledgeDeps, "documents" | "flush" | "wakeAt" | "log" | "now"> {
  adding: Pick<Adding, "addAttachment">;
  ingest: Ingest;
  unindexed: Unindexed;
  clearing: Clearing;
  /** Whether rows that only the record has were taken up, once in the life of the object. */
  restored: { done(): boolean; note(): void };
}

/** What knowledge does when nobody waits for it: one thing after the other, until nothing is left. */
export class Background {
  #running: Promise<void> | null = null;
  /** Something came while the last look was on its way. */
  #more = false;

  constructor(private readonly deps: BackgroundDeps) {}

  /** Works until nothing is due; joins the work that is under way. Never throws. */
  work(): Promise<void> {
    if (this.#running) {
      this.#more = true;
      this.deps.wakeAt(this.deps.now() + AWAKE_MS);
      return this.#running;
    }
    const running = this.#work().finally(() => {
      this.#running = null;
    });
    this.#running = running;
    return running;
  }

  /** Whether there is anything to do now, or was at the last look. */
  due(): boolean {
    const { documents, restored, clearing, now } = this.deps;
    return !restored.done() || documents.arrivals().length > 0 || documents.nextUnread(now()) !== null || clearing.waits();
  }

  async #work(): Promise<void> {
    const { documents, ingest, unindexed, clearing, flush, wakeAt, now, log } = this.deps;
    if (documents.nextDue() !== null || documents.arrivals().length > 0) wakeAt(now() + AWAKE_MS);
    let again = false;
    try {
      again = !(await this.#restore());
      unindexed.notice();
      do {
        this.#more = false;
        while ((await this.#arrival()) || (await ingest.step()) || (await unindexed.step())) await pause();
        const [cleared, saved] = [await clearing.run(), await flush()];
        again ||= unindexed.waits || !cleared || !saved;
      } while (this.#more);
    } catch (error) {
      log("knowledge_bug", { error: whereOf(error) }, "error");
      again = true;
    }
    const waiting = documents.arrivals().map(({ at }) => at);
    const next = Math.min(...waiting, documents.nextDue() ?? Number.POSITIVE_INFINITY, again ? now() + AGAIN_MS : Number.POSITIVE_INFINITY);
    if (Number.isFinite(next)) wakeAt(Math.max(next, now() + 1_000));
  }

  async #restore(): Promise<boolean> {
    const { documents, restored, unindexed, flush, log } = this.deps;
    if (restored.done()) return true;
    try {
      // What was deleted here must not come back from there.
      if (!(await flush())) return false;
      if (documents.count() === 0) await unindexed.restore();
      restored.note();
      return true;
    } catch (error) {
      log("knowledge_restore_failed", { error: whereOf(error) }, "warn");
      return false;
    }
  }

  /** Takes up one file of a message; false: none is due. */
  async #arrival(): Promise<boolean> {
    const { documents, adding, now, log } = this.deps;
    const arrival = documents.arrivals().find(({ at }) => at <= now());
    if (!arrival) return false;
    const { file, faults } = arrival;
    try {
      await adding.addAttachment(file);
      documents.arrivalDone(file.key);
    } catch (error) {
      log("document_arrival_failed", { error: whereOf(error) }, "warn");
      if (faults >= MAX_FAULTS) documents.arrivalDone(file.key);
      else documents.arrivalLater(file.key, now() + Math.min(1_800_000, 5_000 * 2 ** faults));
    }
    return true;
  }
}
