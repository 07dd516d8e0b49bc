import { z } from "zod";
import { MargayError, withNext } from "../errors.ts";
import type { Cdp, CdpEvent } from "./cdp.ts";

/** Tabs at once; what a page opens beyond is closed again. */
export const MAX_TABS = 6;

/** A document in a frame, of a tab. */
export interface Frame {
  id: string;
  parent: string | null;
  /** Another one with every document. */
  loader: string;
  url: string;
  /** The DevTools session that it is spoken to by. */
  session: string;
}

export interface Tab {
  /** `t1`. */
  id: string;
  target: string;
  session: string;
  frames: Map<string, Frame>;
  /** Frames of the tab that load at this moment. */
  loading: Set<string>;
  /** Its address was one that the model wrote where content from outside was read: it may not be led from this host, and links in it may hold what the model wrote. */
  pinned: string | null;
}

/** What a page asked by a dialog, and what was answered. */
export interface Dialog {
  type: "alert" | "confirm" | "prompt" | "beforeunload";
  message: string;
  accepted: boolean;
}

const TargetInfo = z.object({
  targetId: z.string(),
  type: z.string(),
  url: z.string(),
  browserContextId: z.string().optional(),
  openerId: z.string().optional(),
});
const Attached = z.object({ sessionId: z.string(), targetInfo: TargetInfo });
const FrameInfo = z.object({
  id: z.string(),
  parentId: z.string().optional(),
  loaderId: z.string(),
  url: z.string(),
  urlFragment: z.string().optional(),
});
const Navigated = z.object({ frame: FrameInfo });
const Within = z.object({ frameId: z.string(), url: z.string() });
const OfFrame = z.object({ frameId: z.string(), reason: z.string().optional() });
const Opening = z.object({ message: z.string(), type: z.enum(["alert", "confirm", "prompt", "beforeunload"]) });
interface Tree {
  frame: z.infer<typeof FrameInfo>;
  childFrames?: Tree[] | undefined;
}
const Tree: z.ZodType<Tree> = z.object({
  frame: FrameInfo,
  get childFrames() {
    return z.array(Tree).optional();
  },
});

/**
 * Ways out of a page that no request shows: they are taken from it before any of its code runs. Speech by these goes past the guard. `true`: they are away. Service workers would outlive their page.
 */
const TAKE_AWAY = `(function () {
  const names = ["WebSocket", "WebSocketStream", "WebTransport", "RTCPeerConnection", "webkitRTCPeerConnection"];
  for (const name of names) delete globalThis[name];
  for (const name of ["Navigator", "WorkerNavigator"]) if (globalThis[name]) delete globalThis[name].prototype.serviceWorker;
  return !names.some((name) => name in globalThis);
})()`;
const Taken = z.object({ result: z.object({ value: z.literal(true) }) });
const WORKERS = new Set(["worker", "shared_worker", "service_worker"]);

/** The tabs of one browser context with their frames: kept up to date by what the browser tells. */
export class Tabs {
  readonly #tabs = new Map<string, Tab>();
  readonly #sessions = new Map<string, { tab: Tab | null; target: string }>();
  readonly #attached = new Map<string, () => void>();
  #last = 0;
  #dialogs: Dialog[] = [];
  #opened: string[] = [];
  /** A confirm with this text is answered yes: it is part of what a person said yes to. */
  expected: readonly string[] = [];

  constructor(
    private readonly cdp: Cdp,
    private readonly context: string,
  ) {
    cdp.on((event) => this.#hear(event));
  }

  async start(): Promise<void> {
    await this.cdp.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true });
  }

  async create(): Promise<Tab> {
    if (this.#tabs.size >= MAX_TABS)
      throw new MargayError("conflict", `There are ${MAX_TABS} tabs open already. Close one first, or open the address in one of them.`);
    const { targetId } = await this.cdp.ask(z.object({ targetId: z.string() }), "Target.createTarget", {
      url: "about:blank",
      browserContextId: this.context,
      width: 1280,
      height: 900,
    });
    if (![...this.#tabs.values()].some(({ target }) => target === targetId))
      await new Promise<void>((resolve) => this.#attached.set(targetId, resolve));
    const tab = [...this.#tabs.values()].find(({ target }) => target === targetId);
    if (tab === undefined) throw new MargayError("gone", "The tab was closed.");
    this.#opened = this.#opened.filter((id) => id !== tab.id);
    return tab;
  }

  all(): Tab[] {
    return [...this.#tabs.values()];
  }

  /** Absent: the newest one. */
  get(id: string | undefined): Tab {
    const tab = id === undefined ? [...this.#tabs.values()].at(-1) : this.#tabs.get(id);
    if (tab === undefined)
      throw new MargayError(
        "not_found",
        id === undefined ? "No page is open." : `There is no tab ${id} (any more).`,
        id === undefined ? withNext("Open one with browser_open.") : undefined,
      );
    return tab;
  }

  async close(tab: Tab): Promise<void> {
    this.#tabs.delete(tab.id);
    await this.cdp.send("Target.closeTarget", { targetId: tab.target });
  }

  /** Dialogs and new tabs since this was asked last. */
  take(): { dialogs: Dialog[]; opened: string[] } {
    const news = { dialogs: this.#dialogs, opened: this.#opened.filter((id) => this.#tabs.has(id)) };
    this.#dialogs = [];
    this.#opened = [];
    return news;
  }

  #hear({ method, params, session }: CdpEvent): void {
    if (method === "Target.attachedToTarget") return void this.#attach(Attached.parse(params), session).catch(() => undefined);
    if (session === undefined) return;
    if (method === "Network.webSocketCreated" || method === "Network.webTransportCreated") return this.#speaks(session);
    const tab = this.#sessions.get(session)?.tab ?? null;
    if (method === "Target.detachedFromTarget") return this.#detach(z.object({ sessionId: z.string() }).parse(params).sessionId);
    if (tab === null) return;
    switch (method) {
      case "Page.frameNavigated": {
        const { frame } = Navigated.parse(params);
        return this.#navigated(tab, frame, session);
      }
      case "Page.navigatedWithinDocument": {
        const { frameId, url } = Within.parse(params);
        const frame = tab.frames.get(frameId);
        if (frame) frame.url = url;
        return;
      }
      case "Page.frameDetached": {
        const { frameId, reason } = OfFrame.parse(params);
        // It goes on in a process of its own.
        if (reason !== "swap") tab.frames.delete(frameId);
        tab.loading.delete(frameId);
        return;
      }
      case "Page.frameStartedLoading":
        return void tab.loading.add(OfFrame.parse(params).frameId);
      case "Page.frameStoppedLoading":
        return void tab.loading.delete(OfFrame.parse(params).frameId);
      case "Page.javascriptDialogOpening":
        return this.#dialog(Opening.parse(params), session);
    }
  }

  /** A page or a worker found a socket all the same: whatever it is, it ends here. A worker that is nobody's may be anybody's. */
  #speaks(session: string): void {
    const known = this.#sessions.get(session);
    if (known === undefined) return;
    for (const tab of known.tab === null ? this.all() : [known.tab]) void this.close(tab).catch(() => undefined);
    if (known.tab === null) this.#end(known.target);
  }

  #end(target: string): void {
    void this.cdp.send("Target.closeTarget", { targetId: target }).catch(() => undefined);
  }

  #navigated(tab: Tab, frame: z.infer<typeof FrameInfo>, session: string): void {
    tab.frames.set(frame.id, {
      id: frame.id,
      parent: frame.parentId ?? tab.frames.get(frame.id)?.parent ?? null,
      loader: frame.loaderId,
      url: `${frame.url}${frame.urlFragment ?? ""}`,
      session,
    });
  }

  /** A page must not wait for a person who is not there. What it asked is told. */
  #dialog({ message, type }: z.infer<typeof Opening>, session: string): void {
    const accepted = type === "alert" || type === "beforeunload" || (type === "confirm" && this.expected.includes(message));
    if (this.#dialogs.length < 20) this.#dialogs.push({ type, message: message.slice(0, 20_000), accepted });
    void this.cdp.send("Page.handleJavaScriptDialog", { accept: accepted }, session).catch(() => undefined);
  }

  async #attach({ sessionId, targetInfo }: z.infer<typeof Attached>, parent: string | undefined): Promise<void> {
    const { type, targetId, browserContextId, openerId } = targetInfo;
    const go = (): Promise<void> => this.cdp.send("Runtime.runIfWaitingForDebugger", {}, sessionId);
    if (browserContextId !== this.context) return go();
    const owner = parent === undefined ? null : (this.#sessions.get(parent)?.tab ?? null);
    if (type === "page" && owner === null) return this.#page(sessionId, targetId, openerId, go);
    this.#sessions.set(sessionId, { tab: owner, target: targetId });
    if (WORKERS.has(type)) return this.#worker(type, sessionId, targetId, go);
    const prepared = type === "iframe" || type === "page" ? this.#document(sessionId) : [];
    await Promise.all([...prepared, go()]);
    if (type === "iframe" && owner !== null) await this.#seed(owner, sessionId);
  }

  async #page(session: string, target: string, openerId: string | undefined, go: () => Promise<void>): Promise<void> {
    const tabs = this.all();
    // A page can open one that does not say by whom.
    const opener = tabs.find((one) => one.target === openerId) ?? tabs.find(({ pinned }) => pinned !== null);
    const tab: Tab = {
      id: `t${++this.#last}`,
      target,
      session,
      frames: new Map(),
      loading: new Set(),
      pinned: opener?.pinned ?? null,
    };
    if (this.#tabs.size >= MAX_TABS) {
      await this.cdp.send("Target.closeTarget", { targetId: target });
      return;
    }
    this.#tabs.set(tab.id, tab);
    this.#opened.push(tab.id);
    this.#sessions.set(session, { tab, target });
    await Promise.all([...this.#document(session), go()]);
    await this.#seed(tab, session);
    this.#attached.get(target)?.();
    this.#attached.delete(target);
  }

  /** All of it is asked for before the page goes on, in this order. */
  #document(session: string): Promise<void>[] {
    return [
      this.cdp.send("Page.enable", {}, session),
      this.cdp.send("Page.addScriptToEvaluateOnNewDocument", { source: TAKE_AWAY, runImmediately: true }, session),
      this.cdp.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }, session),
      this.cdp.send("Network.enable", { maxTotalBufferSize: 0, maxResourceBufferSize: 0 }, session),
      this.cdp.send("DOM.enable", {}, session),
    ];
  }

  /** It runs when its sockets are away and it is heard of those that it may find all the same, or not at all. */
  async #worker(type: string, session: string, target: string, go: () => Promise<void>): Promise<void> {
    if (type === "service_worker") return this.#end(target);
    try {
      await Promise.all([
        this.cdp.ask(Taken, "Runtime.evaluate", { expression: TAKE_AWAY, returnByValue: true }, session),
        this.cdp.send("Network.enable", { maxTotalBufferSize: 0, maxResourceBufferSize: 0 }, session),
        this.cdp.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }, session),
      ]);
    } catch {
      return this.#end(target);
    }
    await go();
  }

  /** The frames that are there before their changes are heard. */
  async #seed(tab: Tab, session: string): Promise<void> {
    const { frameTree } = await this.cdp.ask(z.object({ frameTree: Tree }), "Page.getFrameTree", {}, session);
    const visit = ({ frame, childFrames = [] }: Tree): void => {
      const known = tab.frames.get(frame.id);
      if (known?.loader !== frame.loaderId || known.session !== session) this.#navigated(tab, frame, session);
      for (const child of childFrames) visit(child);
    };
    visit(frameTree);
  }

  #detach(session: string): void {
    const known = this.#sessions.get(session);
    this.#sessions.delete(session);
    if (known?.tab && known.tab.session === session) this.#tabs.delete(known.tab.id);
  }
}

/** The document that a tab shows. */
export function topFrame(tab: Tab): Frame {
  const top =
    [...tab.frames.values()].find(({ id }) => id === tab.target) ?? [...tab.frames.values()].find(({ parent }) => parent === null);
  if (top === undefined) throw new MargayError("gone", "The tab shows nothing any more.");
  return top;
}
