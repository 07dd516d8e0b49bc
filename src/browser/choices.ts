import { MargayError, withNext } from "../errors.ts";

/**
 * What a call may choose on pages of hosts that the user did not name. Which of a page's many links is clicked is told to whoever made the page, and an agent that has read something from outside may choose as it was told there: each
 * choice counts as one use of an address that a page gave.
 */
export interface Choices {
  /** How many more. */
  left: number;
  /** Whether the user named a host (`example.com:8443`), so that what is chosen there is told to nobody else. */
  named(host: string): boolean;
  /** A person was asked about this act on a page of a host that {@link named} says, and said yes. */
  asked?: true;
}

/** One act, for as long as it is done. */
export class Choosing {
  constructor(
    private readonly choices: Choices | null,
    private counted: boolean,
    private readonly count: () => void,
  ) {}

  /** Why a tab may not be led to a host by it; null: it may. */
  leadsTo(host: string): string | null {
    if (this.choices === null || this.counted || this.choices.named(host)) return null;
    if (this.choices.left < 1) return `${USED_UP} Open its address with browser_open; the user may be asked.`;
    this.counted = true;
    this.count();
    return null;
  }
}

const USED_UP =
  "Which of a page's links and buttons is chosen tells something to whoever made the page, and that was done often enough in this task or turn.";

/** The choices of one session that its callers have not counted yet: what fails after it was done is told with the next answer. */
export class ChoiceCount {
  #untold = 0;

  /** An act on a page in frames of these hosts begins. Throws `forbidden` when there were enough. */
  begin(all: Choices | null, hosts: readonly string[]): Choosing {
    const free = all === null || (all.asked === true && hosts.some((host) => all.named(host)));
    const choices = free ? null : { ...all, left: all.left - this.#untold };
    const stranger = choices === null ? undefined : hosts.find((host) => !choices.named(host));
    if (choices !== null && stranger !== undefined) {
      if (choices.left < 1)
        throw new MargayError(
          "forbidden",
          USED_UP,
          withNext(`Give site: ${JSON.stringify(stranger)} beside the rest, and the user is asked.`, { untrusted: "web page" }),
        );
      this.#untold++;
    }
    return new Choosing(choices, stranger !== undefined, () => void this.#untold++);
  }

  /** How many to count now. */
  told(): number {
    const untold = this.#untold;
    this.#untold = 0;
    return untold;
  }
}
