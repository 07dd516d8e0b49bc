import { z } from "zod";
import { MargayError, withNext } from "../errors.ts";
import { Cdp, type CdpSocket } from "./cdp.ts";
import { ChoiceCount } from "./choices.ts";
import { type ElementFacts, elementFacts, formCarries } from "./element-facts.ts";
import { choose, click, focus, goBack, type Key, press, scrollBy, Scrolled } from "./input.ts";
import { afterYes } from "./after-yes.ts";
import type { BrowserCall, Happened, Shown } from "./browser-call.ts";
import { fillField, type Filling } from "./filling.ts";
import { focusedRef } from "./focused.ts";
import { type GuardDeps, NetworkGuard } from "./network-guard.ts";
import { pause, settled } from "./settled.ts";
import { originOf, sentText } from "./news-text.ts";
import { picture } from "./picture.ts";
import { changed, held, mainSends, type Proposal, type Seen, seenNow } from "./proposal.ts";
import { type Done, Proposals } from "./proposals.ts";
import { readTab } from "./read-tab.ts";
import { type Handle, hostIn, Refs } from "./refs.ts";
import { type Part, showTab } from "./show-tab.ts";
import { type Frame, type Tab, Tabs, topFrame } from "./tabs.ts";

export interface SessionDeps extends GuardDeps {
  newId(): string;
  /** Numbers proposals, where several sessions share them. */
  nextProposal?(): number;
}

/** One browser context with its tabs: what an agent does in it, one thing after the other. Nothing of it outlives the connection. */
export class BrowserSession {
  readonly #cdp: Cdp;
  readonly #guard: NetworkGuard;
  readonly #refs: Refs;
  readonly #proposals: Proposals;
  #tabs: Tabs | null = null;
  #context: string | null = null;
  readonly #choices = new ChoiceCount();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    socket: CdpSocket,
    private readonly deps: SessionDeps,
  ) {
    this.#cdp = new Cdp(socket);
    this.#guard = new NetworkGuard(this.#cdp, deps);
    this.#refs = new Refs(this.#cdp);
    this.#proposals = new Proposals(this.#cdp, deps, deps.newId());
  }

  get closed(): boolean {
    return this.#cdp.closed;
  }

  named = (ref: string): string | null => this.#refs.named(ref);

  /** Before anything else. Throws when this browser cannot be guarded. */
  async start(): Promise<void> {
    await this.#guard.start();
    const { browserContextId } = await this.#cdp.ask(z.object({ browserContextId: z.string() }), "Target.createBrowserContext", {
      disposeOnDetach: true,
    });
    this.#context = browserContextId;
    await this.#cdp.send("Browser.setDownloadBehavior", { behavior: "deny", browserContextId });
    const tabs = (this.#tabs = new Tabs(this.#cdp, browserContextId));
    this.#guard.isTab = (frame) => tabs.all().some(({ target }) => target === frame);
    this.#guard.pinOf = (target) => tabs.all().find((tab) => tab.target === target)?.pinned ?? null;
    await tabs.start();
    const tab = await tabs.create();
    await this.#guard.probe((url) => this.#cdp.send("Page.navigate", { url }, tab.session));
    await tabs.close(tab);
    tabs.take();
    this.#guard.take();
  }

  /** A sign of life: who is silent is ended. */
  async ping(): Promise<void> {
    await this.#cdp.send("Browser.getVersion");
  }

  async close(): Promise<void> {
    if (this.#context !== null && !this.closed)
      await this.#cdp.send("Target.disposeBrowserContext", { browserContextId: this.#context }).catch(() => undefined);
    this.#cdp.close();
  }

  proposal(id: string): Proposal | null {
    return this.#proposals.get(id) ?? null;
  }

  /** Whether a person may be thinking about something here. */
  get waits(): boolean {
    return this.#proposals.any;
  }

  private get tabs(): Tabs {
    if (this.#tabs === null) throw new MargayError("gone", "The browser has not started.");
    return this.#tabs;
  }

  /** One after the other: two acts at once would take each other's news. */
  #alone<T>(call: BrowserCall | null, work: () => Promise<T>): Promise<T> {
    const begin = async (): Promise<T> => {
      call?.signal.throwIfAborted();
      if (call !== null) this.#guard.hosts = call.hosts;
      return work();
    };
    const next = this.#queue.then(begin, begin);
    this.#queue = next.catch(() => undefined);
    return next;
  }

  /** In the newest tab, a named one, or a `new` one. */
  open(call: BrowserCall, { url, tab: in_ }: { url: string; tab?: string | undefined }): Promise<Shown> {
    return this.#alone(call, async () => {
      const tab = in_ === "new" || this.tabs.all().length === 0 ? await this.tabs.create() : this.tabs.get(in_);
      this.#happened();
      tab.pinned = call.composed ? new URL(url).host : null;
      const failed = await this.#guard.pinned(tab.pinned, async () => {
        const { errorText } = await this.#cdp.ask(z.object({ errorText: z.string().optional() }), "Page.navigate", { url }, tab.session);
        await this.#settle(tab, call.signal);
        return errorText;
      });
      const happened = this.#happened();
      const why = happened.news.refused.find(({ navigation }) => navigation)?.reason;
      const taken = happened.news.downloads.length + happened.news.missed.length > 0;
      const note = why !== undefined || (failed !== undefined && !taken) ? [`Could not open ${url}: ${why ?? failed}`] : [];
      return { ...(await this.#shown(call, tab, happened, note)), failed: note.length > 0 };
    });
  }

  read(
    call: BrowserCall,
    { tab, from = 0, find }: { tab?: string | undefined; from?: number | undefined; find?: string | undefined },
  ): Promise<Shown> {
    return this.#alone(call, async () => this.#shown(call, this.tabs.get(tab), this.#happened(), [], { from, find }));
  }

  click(call: BrowserCall, ref: string): Promise<Shown> {
    return this.#alone(call, async () => {
      const handle = await this.#refs.resolve(this.tabs, ref);
      const facts = await elementFacts(this.#refs, handle);
      // Not pressed: most pages change when they were, and then cannot send.
      if (facts.submits && facts.form !== null && facts.form.method === "POST") return this.#wouldSubmit(call, handle, facts, "click");
      return this.#trying(call, handle, facts, "click", () => click(this.#cdp, this.#refs, handle, call.scrub));
    });
  }

  press(call: BrowserCall, key: Key, ref: string | undefined, tab: string | undefined): Promise<Shown> {
    return this.#alone(call, async () => {
      const at = ref === undefined ? this.tabs.get(tab) : null;
      const to = ref ?? (at === null ? null : await focusedRef(this.#cdp, this.#refs, at, call.scrub));
      if (at !== null && to === null) return this.#pressAnywhere(call, key, at);
      const handle = await this.#refs.resolve(this.tabs, to ?? "");
      const facts = await elementFacts(this.#refs, handle);
      if (key === "Enter" && (facts.entersForm || facts.submits) && facts.form?.method === "POST")
        return this.#wouldSubmit(call, handle, facts, "Enter");
      return this.#trying(call, handle, facts, "Enter", async () => {
        // What has the focus keeps what is selected in it.
        if (ref !== undefined) await focus(this.#refs, handle);
        await press(this.#cdp, handle.frame.session, key);
      });
    });
  }

  /** A key that no element gets: what would send is told, but cannot be proposed. */
  async #pressAnywhere(call: BrowserCall, key: Key, tab: Tab): Promise<Shown> {
    this.#happened();
    await this.#choosing(call, [hostIn(topFrame(tab).url)], async () => {
      await press(this.#cdp, tab.session, key);
      await this.#settle(tab, call.signal);
    });
    const happened = this.#happened();
    const notes =
      happened.news.held.length === 0 ? [] : [`Nothing was sent. To send something with ${key}, name the element that gets it: ref.`];
    return this.#shown(call, tab, happened, notes);
  }

  /** Fills fields of pages on one host. Throws before anything is filled where one of them is elsewhere. */
  fill(call: BrowserCall, site: string, fillings: readonly Filling[]): Promise<Shown> {
    return this.#alone(call, async () => {
      this.#happened();
      let tab: Tab | null = null;
      for (const { ref } of fillings) {
        const handle = await this.#refs.resolve(this.tabs, ref);
        tab = handle.tab;
        const at = await this.#refs.siteOf(handle.frame);
        if (at !== site)
          throw new MargayError("forbidden", `[${ref}] is on ${at || "a page of no host"}, not on ${site}. Nothing was typed.`, {
            untrusted: "web page",
          });
      }
      if (tab === null) throw new MargayError("invalid_request", "Name at least one field.");
      const browser = { refs: this.#refs, tabs: this.tabs, guard: this.#guard };
      for (const { ref, value } of fillings) await fillField(browser, site, ref, value);
      await this.#settle(tab, call.signal);
      return this.#shown(call, tab, this.#happened());
    });
  }

  select(call: BrowserCall, ref: string, option: string): Promise<Shown> {
    return this.#alone(call, async () => {
      const handle = await this.#refs.resolve(this.tabs, ref);
      const facts = await elementFacts(this.#refs, handle);
      if (facts.options.length === 0) throw new MargayError("invalid_request", `[${ref}] has no options; click it to see what it offers.`);
      return this.#trying(call, handle, facts, "click", () => choose(this.#refs, handle, option, facts.options));
    });
  }

  scroll(call: BrowserCall, tab: string | undefined, screens: number): Promise<Shown> {
    return this.#alone(call, async () => {
      const at = this.tabs.get(tab);
      this.#happened();
      const top = topFrame(at);
      const scroll = async (): Promise<z.infer<typeof Scrolled>> => {
        const moved = await this.#refs.evaluate(top, scrollBy(screens), Scrolled);
        await this.#settle(at, call.signal);
        return moved;
      };
      // By how much is a choice too; a screen further is how anybody reads.
      const scrolled = screens === 1 ? await scroll() : await this.#choosing(call, [hostIn(top.url)], scroll);
      const note = scrolled.moved ? `Scrolled to ${scrolled.at} of ${scrolled.of}.` : "It cannot be scrolled further.";
      return this.#shown(call, at, this.#happened(), [note]);
    });
  }

  /** Waits until the page holds some words, or for as long as is given. */
  wait(call: BrowserCall, tab: string | undefined, words: string | undefined, seconds: number): Promise<Shown> {
    return this.#alone(call, async () => {
      const at = this.tabs.get(tab);
      const until = this.deps.now() + seconds * 1_000;
      let found = false;
      while (!found && this.deps.now() < until && !call.signal.aborted) {
        await pause(250);
        if (words !== undefined)
          found = (await readTab(this.#cdp, this.#refs, at, async (text) => text)).lines
            .join("\n")
            .toLowerCase()
            .includes(words.toLowerCase());
      }
      const note = words === undefined || found ? [] : [`${JSON.stringify(words)} did not come within ${seconds} seconds.`];
      return this.#shown(call, at, this.#happened(), note);
    });
  }

  back(call: BrowserCall, tab: string | undefined): Promise<Shown> {
    return this.#alone(call, async () => {
      const at = this.tabs.get(tab);
      this.#happened();
      await goBack(this.#cdp, at.session);
      await this.#settle(at, call.signal);
      return this.#shown(call, at, this.#happened());
    });
  }

  closeTab(tab: string): Promise<{ left: number }> {
    return this.#alone(null, async () => {
      await this.tabs.close(this.tabs.get(tab));
      return { left: this.tabs.all().length };
    });
  }

  /** Gives the path of the picture. */
  screenshot(call: BrowserCall, tab: string | undefined, whole: boolean): Promise<{ path: string; origin: string; url: string }> {
    return this.#alone(call, async () => {
      const at = this.tabs.get(tab);
      return {
        path: await picture(this.#cdp, call, at, whole, this.deps.now()),
        origin: originOf(topFrame(at).url),
        url: topFrame(at).url,
      };
    });
  }

  /**
   * Does what a person said yes to: the same element on the same page with the same values, and nothing leaves but what they were shown. Throws `conflict` with what changed, `gone` when it is not there.
   */
  submit(call: BrowserCall, id: string, seen: Seen | null): Promise<Shown> {
    return this.#alone(call, async () => {
      const proposal = this.#proposals.get(id);
      if (proposal === undefined)
        throw new MargayError(
          "gone",
          "What was to be sent is not there any more: the browser was closed or went on. Do the steps again, and ask again.",
        );
      const handle = await this.#refs.resolve(this.tabs, proposal.ref);
      const facts = await elementFacts(this.#refs, handle);
      const now = { ...(await seenNow(handle, facts, proposal.seen, call.scrub)), sends: proposal.seen.sends };
      const other = changed(seen ?? proposal.seen, now);
      if (other !== null || !this.#proposals.isSame(call, proposal, handle, facts))
        throw new MargayError(
          "conflict",
          `Nothing was sent, because the page is not as it was shown: ${other ?? "a hidden value, a secret or its picture is another one"}.`,
          withNext("Ask again.", { untrusted: "web page" }),
        );
      const { sends, asks } = this.#proposals.take(id);
      this.#happened();
      this.tabs.expected = asks;
      let sent: Happened["news"]["sent"] = [];
      try {
        const pressing = this.#guard.allowing(sends, async () => {
          if (proposal.act === "click") await click(this.#cdp, this.#refs, handle, call.scrub);
          else {
            await focus(this.#refs, handle);
            await press(this.#cdp, handle.frame.session, "Enter");
          }
          await this.#settle(handle.tab, call.signal);
        });
        await pressing.finally(() => (this.tabs.expected = []));
        const happened = this.#happened();
        ({ sent } = happened.news);
        const notes = await sentText(call, happened.news, facts.fields);
        const shown = await this.#shownOrProposed(call, handle, facts, proposal.act, happened, notes, { sends, asks, sent });
        return { ...shown, sent };
      } catch (error) {
        throw afterYes(error, [...sent, ...this.#guard.take().sent]);
      }
    });
  }

  /** Does it; where the page then wanted to send something, that is proposed. */
  async #trying(call: BrowserCall, handle: Handle, facts: ElementFacts, act: Proposal["act"], work: () => Promise<void>): Promise<Shown> {
    this.#happened();
    await this.#choosing(call, await this.#hostsOf(handle), async () => {
      await work();
      await this.#settle(handle.tab, call.signal);
    });
    return this.#shownOrProposed(call, handle, facts, act, this.#happened());
  }

  /** Runs an act on a page, which is counted where the user did not name all of its hosts, or the one that it leads to. */
  async #choosing<T>(call: BrowserCall, hosts: readonly string[], work: () => Promise<T>): Promise<T> {
    this.#guard.choosing = this.#choices.begin(call.choices, hosts);
    try {
      return await work();
    } finally {
      this.#guard.choosing = null;
    }
  }

  /** Whose pages an element is in: its frame's and those around it, which all see something of what is done to it. */
  async #hostsOf({ tab, frame }: Handle): Promise<string[]> {
    const hosts: string[] = [];
    for (let at: Frame | undefined = frame; at !== undefined; at = tab.frames.get(at.parent ?? "")) hosts.push(await this.#refs.siteOf(at));
    return hosts;
  }

  async #shownOrProposed(
    call: BrowserCall,
    handle: Handle,
    facts: ElementFacts,
    act: Proposal["act"],
    happened: Happened,
    notes: string[] = [],
    before: Done | null = null,
  ): Promise<Shown> {
    const questions = happened.dialogs.filter(({ type, accepted }) => type === "confirm" && !accepted).map(({ message }) => message);
    if (happened.news.held.length === 0 && questions.length === 0) return this.#shown(call, handle.tab, happened, notes);
    // Where the page is another one by now there is nothing left to press: it is only told.
    const still = await this.#refs.resolve(this.tabs, handle.ref.name).catch(() => null);
    if (still === null) return this.#shown(call, handle.tab, happened, notes);
    const facts2 = await elementFacts(this.#refs, still);
    const { sends } = mainSends(happened.news.held, topFrame(handle.tab).url);
    // What was sent before is sent again when the same is pressed again, and the page asks again.
    const asks = [...new Set([...(before?.asks ?? []), ...questions])];
    const proposal = await this.#proposals.propose(call, still, facts2, { act, sends, asks, before });
    return this.#shown(call, handle.tab, happened, [...notes, held(proposal, (before?.sent.length ?? 0) > 0)], {}, proposal);
  }

  async #wouldSubmit(call: BrowserCall, handle: Handle, facts: ElementFacts, act: Proposal["act"]): Promise<Shown> {
    this.#happened();
    const { method, action } = facts.form ?? { method: "POST", action: handle.frame.url };
    const sending = { method, url: action, body: "", navigation: true, carried: formCarries(facts) };
    const proposal = await this.#proposals.propose(call, handle, facts, { act, sends: [sending], asks: [], before: null });
    return this.#shown(call, handle.tab, this.#happened(), [held(proposal)], {}, proposal);
  }

  #happened(): Happened {
    return { news: this.#guard.take(), ...this.tabs.take() };
  }

  #settle(tab: Tab, signal: AbortSignal): Promise<void> {
    return settled(
      () => this.#guard.busy || tab.loading.size > 0 || this.tabs.all().some(({ frames }) => frames.size === 0),
      () => signal.aborted || this.closed,
      this.deps.now,
    );
  }

  async #shown(
    call: BrowserCall,
    tab: Tab,
    happened: Happened,
    notes: readonly string[] = [],
    part: Part = {},
    proposal: Proposal | null = null,
  ): Promise<Shown> {
    const within = { cdp: this.#cdp, refs: this.#refs, tabs: this.tabs, guard: this.#guard };
    const shown = await showTab(within, call, tab, { happened, notes, proposal }, part);
    return { ...shown, chose: this.#choices.told() };
  }
}
