/** Characters of one line that is shown. */
const MAX_SHOWN = 200;
/** Characters that are kept of what was printed last, to find secrets in whole. */
const MAX_KEPT = 16_000;

export interface ProgressDeps {
  /** Gets one line of plain text, at most {@link MAX_SHOWN} characters. */
  show(line: string): void;
  /** Takes secrets out of a text. */
  scrub(text: string): Promise<string>;
  /** How long nothing is shown after a line was. */
  pause(): Promise<void>;
}

/**
 * What a call prints while it runs, as one line for whoever waits: the last that is complete, without secrets and control characters, and calmly. Only the end of what was printed is kept.
 */
export class ProgressLine {
  #printed = "";
  /** Whether the beginning of what is kept is the middle of a line. */
  #cut = false;
  #shown = "";
  #busy = false;
  #more = false;
  #ended = false;

  constructor(private readonly deps: ProgressDeps) {}

  add(text: string): void {
    if (this.#ended) return;
    const printed = this.#printed + text.slice(-MAX_KEPT);
    this.#cut ||= printed.length > MAX_KEPT || text.length > MAX_KEPT;
    this.#printed = printed.slice(-MAX_KEPT);
    this.#more = true;
    if (this.#busy) return;
    this.#busy = true;
    // Whoever prints does not wait for it, and does not fail by it.
    void this.#show()
      .catch(() => undefined)
      .finally(() => (this.#busy = false));
  }

  /** Nothing is shown any more. */
  end(): void {
    this.#ended = true;
    this.#printed = "";
  }

  async #show(): Promise<void> {
    while (this.#more && !this.#ended) {
      this.#more = false;
      // Before secrets are looked for: what cannot be seen could stand in the middle of one.
      const text = await this.deps.scrub(plain(this.#printed));
      if (this.#ended) return;
      const line = lastLine(text, this.#cut);
      if (line !== null && line !== this.#shown) {
        this.#shown = line;
        this.deps.show(line);
      }
      await this.deps.pause();
    }
  }
}

/** Sequences that terminals take for orders (ECMA-48: CSI, OSC and the short ones). */
// oxlint-disable-next-line no-control-regex
const ORDERS = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-_])/gu;
/** Whatever cannot be seen or changes how the rest is seen, but for the ends of lines and tabs. */
const UNSEEN = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

const plain = (text: string): string => text.replaceAll(ORDERS, "").replaceAll(UNSEEN, "");

/** The last line that is over and says anything; null: there is none. What is not over yet may be half of a secret. */
function lastLine(text: string, cut: boolean): string | null {
  const lines = text.split(/[\r\n]+/u).map((line) => line.replaceAll(/\s+/gu, " ").trim());
  const at = lines.findLastIndex((line, index) => line !== "" && index < lines.length - 1);
  const line = lines[at];
  if (line === undefined || (cut && at === 0)) return null;
  return line.length <= MAX_SHOWN ? line : `${line.slice(0, MAX_SHOWN - 1).toWellFormed()}…`;
}
