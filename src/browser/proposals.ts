import type { BrowserCall } from "./browser-call.ts";
import type { Cdp } from "./cdp.ts";
import type { ElementFacts } from "./element-facts.ts";
import type { Sending } from "./network-guard.ts";
import { picture } from "./picture.ts";
import { fingerprintOf, MAX_SENDS, mainSends, type Proposal, scrubbed, seenNow } from "./proposal.ts";
import { type Handle, hostIn } from "./refs.ts";
import { topFrame } from "./tabs.ts";

/** Proposals of one session that a person may still be asked about. */
const MAX_KEPT = 20;

interface ProposalsDeps {
  now(): number;
  /** Its number, where several sessions share them. */
  nextProposal?(): number;
}

/** What one session would send if a person said yes: kept in the session alone, and gone with it. */
export class Proposals {
  readonly #kept = new Map<string, Proposal>();
  #last = 0;

  constructor(
    private readonly cdp: Cdp,
    private readonly deps: ProposalsDeps,
    /** Keeps what is secret from being guessed by its fingerprint. */
    private readonly salt: string,
  ) {}

  get(id: string): Proposal | undefined {
    return this.#kept.get(id);
  }

  get any(): boolean {
    return this.#kept.size > 0;
  }

  /** It is being done: not twice. */
  take(id: string): void {
    this.#kept.delete(id);
  }

  /** Whether everything that counts is as it was, secrets included. */
  isSame(proposal: Proposal, handle: Handle, facts: ElementFacts): boolean {
    return fingerprintOf(facts, handle.frame.url, this.salt) === proposal.fingerprint && proposal.top === topFrame(handle.tab).url;
  }

  /** A proposal of one act, with a picture of its page. `before`: what was sent for the same act already, which it sends again. */
  async propose(
    call: BrowserCall,
    handle: Handle,
    facts: ElementFacts,
    { act, sends, asks, before }: { act: Proposal["act"]; sends: readonly Sending[]; asks: string[]; before: Proposal | null },
  ): Promise<Proposal> {
    const top = topFrame(handle.tab).url;
    // A form whose address is a script's is sent by the page it is on.
    const host = (sends.length === 0 ? "" : mainSends(sends, top).host) || hostIn(top);
    const screenshot = await picture(this.cdp, call, handle.tab, false, this.deps.now());
    const raw = seenNow(handle, facts, { asks, screenshot, sends: [...(before?.seen.sends ?? []), ...sends] });
    const seen = await scrubbed(raw, call.scrub);
    const proposal: Proposal = {
      id: `${host}#${this.deps.nextProposal?.() ?? ++this.#last}`,
      ref: handle.ref.name,
      act,
      seen,
      sends: [...(before?.sends ?? []), ...sends.map(({ method, url }) => ({ method, url }))].slice(0, MAX_SENDS),
      fingerprint: fingerprintOf(facts, handle.frame.url, this.salt),
      top,
    };
    this.#kept.set(proposal.id, proposal);
    if (this.#kept.size > MAX_KEPT) this.#kept.delete([...this.#kept.keys()][0] ?? "");
    return proposal;
  }
}
