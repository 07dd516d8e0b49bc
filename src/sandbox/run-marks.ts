import { MAX_GIVEN } from "../agent/turn.ts";
import { UserWord } from "../permission/user-word.ts";
import type { CallMarks, ToolOutcome } from "../tools/compiled-tool.ts";

const NO_WORD = new UserWord([]);
const MAX_LINKS = 200;

/** What a run has read so far, and so what its next call is judged by. It begins with the marks of the call that it is run for. */
export class RunMarks {
  #tainted: boolean;
  #origin: string | null = null;
  #suspicious: boolean;
  #readOrders = false;
  readonly #links = new Set<string>();
  readonly #given: Set<string>;
  #usedGiven = 0;

  constructor(
    private readonly begun: CallMarks | null,
    tainted: boolean,
    private readonly capabilities: readonly string[] | null,
    /** It may only read. */
    private readonly dry = false,
    /** Who hears of what waits for a person. */
    private readonly turnId: string | null = begun?.turnId ?? null,
  ) {
    this.#tainted = tainted;
    this.#suspicious = begun?.suspicious ?? false;
    this.#given = new Set(begun?.provenance.given);
  }

  /** Of a call that is made now. What was approved without its surroundings has nobody's word. `open`: calls of the run that are under way, each of which may go to an address that was given. */
  now(open = 0): CallMarks {
    const { begun } = this;
    const usedGiven = (begun?.provenance.usedGiven ?? 0) + this.#usedGiven;
    return {
      turnId: this.turnId,
      taskId: begun?.taskId ?? null,
      conversationId: begun?.conversationId ?? null,
      // A person who calls a tool by a command names what they wrote, and no address that a program made.
      origin: begun?.origin === "attended" ? "attended" : "unattended",
      tainted: this.#tainted,
      suspicious: this.#suspicious,
      provenance: {
        word: begun?.provenance.word ?? NO_WORD,
        given: usedGiven + open < MAX_GIVEN ? new Set(this.#given) : new Set(),
        usedGiven: usedGiven + open,
      },
      profile: this.capabilities,
      saidAt: begun?.saidAt ?? 0,
      ...(this.dry || begun?.planning ? { planning: true } : {}),
    };
  }

  /** The code reads something now that nobody vouches for. */
  readFrom(origin: string): void {
    this.#tainted = true;
    this.#origin ??= origin;
  }

  /** The code reads a call's result now. */
  read({ untrusted, suspicious, links, usedGiven }: Pick<ToolOutcome, "untrusted" | "suspicious" | "links" | "usedGiven">): void {
    if (untrusted !== null) this.readFrom(untrusted);
    if (suspicious) this.#suspicious = this.#readOrders = true;
    for (const link of links) {
      this.#given.add(link);
      if (this.#links.size < MAX_LINKS) this.#links.add(link);
    }
    this.#usedGiven += Number(usedGiven);
  }

  get tainted(): boolean {
    return this.#tainted;
  }

  /** What the run's own result carries on. */
  result(): { untrusted: string | null; suspicious: boolean; links: string[]; usedGiven: number } {
    return {
      untrusted: this.#origin === null ? null : `code that read ${this.#origin}`.slice(0, 200),
      suspicious: this.#readOrders,
      links: [...this.#links],
      usedGiven: this.#usedGiven,
    };
  }
}
