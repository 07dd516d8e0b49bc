import type { BrowserCall } from "./browser-call.ts";
import type { Cdp } from "./cdp.ts";
import type { ElementFacts } from "./element-facts.ts";
import { placeOf } from "./judge-request.ts";
import type { Sendable, Sending } from "./network-guard.ts";
import { picture } from "./picture.ts";
import { fingerprintOf, MAX_SENDS, mainSends, type Proposal, seenNow } from "./proposal.ts";
import { type Handle, hostIn } from "./refs.ts";
import { topFrame } from "./tabs.ts";

/** Proposals of one session that a person may still be asked about. */
const MAX_KEPT = 20;

/** What a person is shown a part of, as it is: with secrets, so it stays in the session. */
interface Raw {
  sends: readonly Sending[];
  asks: readonly string[];
}

/** An act that was done, and what of it left. */
export interface Done extends Raw {
  sent: readonly Pick<Sendable, "method" | "url">[];
}

/** What was allowed before and did not leave as it was shown: instead of it there is what the page wanted to send. */
function sentBefore(before: Done | null, now: readonly Sending[]): Sending[] {
  if (before === null) return [];
  const isAt = (one: Pick<Sendable, "method" | "url">, other: Pick<Sendable, "method" | "url">): boolean =>
    one.method === other.method && placeOf(one.url) === placeOf(other.url);
  return before.sends.filter((one) => before.sent.some((other) => isAt(one, other)) || !now.some((other) => isAt(one, other)));
}

interface ProposalsDeps {
  now(): number;
  /** Its number, where several sessions share them. */
  nextProposal?(): number;
}

/** What one session would send if a person said yes: kept in the session alone, and gone with it. */
export class Proposals {
  readonly #kept = new Map<string, { proposal: Proposal; picture: string | null } & Raw>();
  #last = 0;

  constructor(
    private readonly cdp: Cdp,
    private readonly deps: ProposalsDeps,
    /** Keeps what is secret from being guessed by its fingerprint. */
    private readonly salt: string,
  ) {}

  get(id: string): Proposal | undefined {
    return this.#kept.get(id)?.proposal;
  }

  get any(): boolean {
    return this.#kept.size > 0;
  }

  /** It is being done, not twice: what may leave. */
  take(id: string): Raw {
    const { sends = [], asks = [] } = this.#kept.get(id) ?? {};
    this.#kept.delete(id);
    return { sends, asks };
  }

  /** Whether everything that counts is as it was, secrets included, and so is the picture that a person was shown. */
  isSame(call: BrowserCall, proposal: Proposal, handle: Handle, facts: ElementFacts): boolean {
    return (
      fingerprintOf(facts, handle.frame.url, this.salt) === proposal.fingerprint &&
      proposal.top === topFrame(handle.tab).url &&
      this.#kept.get(proposal.id)?.picture === call.stateOf(proposal.seen.screenshot)
    );
  }

  /** A proposal of one act, with a picture of its page. `before`: what the same act sent already, which it sends again, as a person was shown it. */
  async propose(
    call: BrowserCall,
    handle: Handle,
    facts: ElementFacts,
    { act, sends: now, asks, before }: { act: Proposal["act"]; sends: readonly Sending[]; asks: string[]; before: Done | null },
  ): Promise<Proposal> {
    const top = topFrame(handle.tab).url;
    // A form whose address is a script's is sent by the page it is on.
    const host = (now.length === 0 ? "" : mainSends(now, top).host) || hostIn(top);
    const sends = [...sentBefore(before, now), ...now].slice(0, MAX_SENDS);
    const screenshot = await picture(this.cdp, call, handle.tab, false, this.deps.now());
    const pictured = call.stateOf(screenshot);
    const seen = await seenNow(handle, facts, { asks, screenshot, sends }, call.scrub);
    const proposal: Proposal = {
      id: `${host}#${this.deps.nextProposal?.() ?? ++this.#last}`,
      ref: handle.ref.name,
      act,
      seen,
      sends: sends.map(({ method, url }) => ({ method, url })),
      fingerprint: fingerprintOf(facts, handle.frame.url, this.salt),
      top,
    };
    this.#kept.set(proposal.id, { proposal, picture: pictured, sends, asks });
    if (this.#kept.size > MAX_KEPT) this.#kept.delete([...this.#kept.keys()][0] ?? "");
    return proposal;
  }
}
