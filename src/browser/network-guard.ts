import { z } from "zod";
import { judgeAddresses } from "../egress/judge-addresses.ts";
import type { Resolve } from "../egress/resolve.ts";
import { MargayError } from "../errors.ts";
import type { Cdp, CdpEvent } from "./cdp.ts";
import type { Choosing } from "./choices.ts";
import { bodyText } from "./body-text.ts";
import { type Carried, carriedBy } from "./carried.ts";
import { downloadOf, MAX_DOWNLOAD, takeBody, tooLarge, tooMany } from "./download.ts";
import { type Allowed, holdsTyped, judgeRequest, type PageRequest, placeOf } from "./judge-request.ts";
import type { Expected } from "./not-shown.ts";

/** Something a page wanted to send. */
export interface Sending {
  method: string;
  url: string;
  /** What it carries, as far as it can be read; at most 100,000 characters. */
  body: string;
  navigation: boolean;
  /** The same taken apart, as it is: it stays in the session. */
  carried: Expected;
  /** A person said yes to something else: what of it they were not shown, in words. */
  differs?: string;
}

/** What a person said yes to, and what of it they were shown. */
export type Sendable = Pick<Sending, "method" | "url" | "carried">;

export interface Download {
  name: string;
  mime: string;
  url: string;
  bytes: Uint8Array;
}

/** What happened at the network since it was looked at last. */
export interface NetworkNews {
  held: Sending[];
  sent: Sending[];
  /** Addresses that may not be asked for, with the reason. */
  refused: { url: string; reason: string; navigation: boolean }[];
  downloads: Download[];
  /** Downloads that were not taken, in sentences. */
  missed: string[];
}

const Paused = z.object({
  requestId: z.string(),
  request: z.object({
    url: z.string(),
    method: z.string(),
    headers: z.record(z.string(), z.string()).default({}),
    hasPostData: z.boolean().optional(),
    postDataEntries: z.array(z.object({ bytes: z.string().optional() })).optional(),
  }),
  resourceType: z.string(),
  responseStatusCode: z.number().optional(),
  responseHeaders: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  redirectedRequestId: z.string().optional(),
  networkId: z.string().optional(),
  frameId: z.string().optional(),
});
type Paused = z.infer<typeof Paused>;

export interface GuardDeps {
  resolve: Resolve;
  now(): number;
  /** Origins that may be asked although their address is private. Nothing but tests gives any. */
  loopback?: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();
/** A name is asked for once in so long. */
const NAME_KEPT_MS = 60_000;
const MAX_NEWS = 50;
/** Bytes of bodies that are held at once; what is beyond is not shown, and so does not leave. */
const MAX_HELD_BYTES = 5_000_000;
/** What only asks for an address may be asked for so often in one act; what sends is sent once. */
const TIMES = 3;
/** Nobody is there: asked for once, to see that the browser lets requests be held. */
const PROBE = "http://margay-probe.invalid/";

const fresh = (): NetworkNews => ({ held: [], sent: [], refused: [], downloads: [], missed: [] });

/**
 * Between a browser and the network: every request of every page, frame and worker in it waits here until it was judged. What would send something is held back, unless it is part of an act that a person said
 * yes to. Whatever goes wrong in here, a request does not leave.
 */
export class NetworkGuard {
  #news = fresh();
  #heldBytes = 0;
  #allowed: Allowed[] = [];
  /** Requests that were let leave by a person's yes, by the browser's names for them: what they lead on to. */
  readonly #left = new Map<string, Allowed>();
  readonly #typed: { text: string; host: string }[] = [];
  readonly #names = new Map<string, { until: number; problem: Promise<string | null> }>();
  #pinned: string | null = null;
  /** Hosts that may be reached now; null: any public one. */
  hosts: readonly string[] | null = null;
  /** The act that is done now; null: there is none. */
  choosing: Choosing | null = null;
  /** Whether a frame is a tab, and no frame in one. */
  isTab: (frame: string) => boolean = () => true;
  /** The host that a tab, by its target, may not be led from; null: it may. */
  pinOf: (target: string) => string | null = () => null;
  #probe: (() => void) | null = null;
  /** Files are taken one after the other. */
  #taking: Promise<void> = Promise.resolve();
  /** Requests that are being judged. */
  #open = 0;
  /** Pages that were asked for and did not answer yet. */
  readonly #coming = new Set<string>();

  constructor(
    private readonly cdp: Cdp,
    private readonly deps: GuardDeps,
  ) {
    cdp.on((event) => this.#hear(event));
  }

  /** Before any page is there. */
  async start(): Promise<void> {
    await this.cdp.send("Fetch.enable", {
      patterns: [{ urlPattern: "*" }, { urlPattern: "*", resourceType: "Document", requestStage: "Response" }],
    });
  }

  /** Has a page ask for an address that does not exist. Throws when the request is not seen here: this browser cannot be guarded. */
  async probe(navigate: (url: string) => Promise<void>): Promise<void> {
    const seen = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), 5_000);
      this.#probe = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
    await navigate(PROBE).catch(() => undefined);
    if (!(await seen))
      throw new MargayError("unsupported", "This browser does not let its requests be judged before they leave, so it is not used.");
    this.#probe = null;
  }

  /** Something was typed into a page of this host. */
  typed(text: string, host: string): void {
    if (text.trim() !== "") this.#typed.push({ text: text.trim(), host });
    if (this.#typed.length > 200) this.#typed.shift();
  }

  /** Whether an address holds what was typed into a page. */
  holdsTyped(address: string): boolean {
    return holdsTyped(address, this.#typed);
  }

  /** Runs an act that a person said yes to: what they were shown may be sent while it runs, and nothing else. */
  async allowing<T>(sendings: readonly Sendable[], work: () => Promise<T>): Promise<T> {
    this.#allowed = sendings.map(({ method, url, carried: shown }) => ({
      method,
      place: placeOf(url),
      shown,
      left: method === "GET" || method === "HEAD" ? TIMES : 1,
    }));
    try {
      return await work();
    } finally {
      this.#allowed = [];
      this.#left.clear();
    }
  }

  /** Runs with pages held on a host (`example.com:8443`): it may not lead to another. */
  async pinned<T>(host: string | null, work: () => Promise<T>): Promise<T> {
    this.#pinned = host;
    try {
      return await work();
    } finally {
      this.#pinned = null;
    }
  }

  /** Whether what is typed on an address travels to it unseen by others, or stays on this machine in a test. */
  isSecure(url: string): boolean {
    const { protocol, origin } = new URL(url);
    return protocol === "https:" || (this.deps.loopback ?? NONE).has(origin);
  }

  /** Whether something is being judged, or a page is on its way. */
  get busy(): boolean {
    return this.#open > 0 || this.#coming.size > 0;
  }

  /** What happened since, for the one who acted. */
  take(): NetworkNews {
    const news = this.#news;
    this.#news = fresh();
    this.#heldBytes = 0;
    return news;
  }

  #hear({ method, params }: CdpEvent): void {
    if (method === "Network.loadingFailed" || method === "Network.loadingFinished")
      return void this.#coming.delete(z.object({ requestId: z.string() }).parse(params).requestId);
    if (method !== "Fetch.requestPaused") return;
    const paused = Paused.safeParse(params);
    if (!paused.success) return;
    this.#open++;
    void this.#settle(paused.data)
      .catch(() => this.#fail(paused.data, "Aborted"))
      .catch(() => undefined)
      .finally(() => this.#open--);
  }

  async #settle(paused: Paused): Promise<void> {
    if (paused.responseStatusCode !== undefined) return this.#answered(paused).finally(() => this.#coming.delete(paused.networkId ?? ""));
    if (paused.request.url === PROBE) {
      this.#probe?.();
      return this.#fail(paused, "Aborted");
    }
    const request = requestOf(paused, this.#left.get(paused.redirectedRequestId ?? "") ?? null);
    const verdict = judgeRequest(request, {
      typed: this.#typed,
      now: this.deps.now(),
      allowed: this.#allowed,
      pinned: this.#pinned,
      // What a person said yes to may lead on.
      tabPinned: this.#allowed.length > 0 ? null : this.pinOf(paused.frameId ?? ""),
      hosts: this.hosts,
      loopback: this.deps.loopback ?? NONE,
    });
    if (verdict.kind === "hold") {
      this.#hold(paused, request, verdict.differs);
      return this.#fail(paused, request.navigation ? "Aborted" : "BlockedByClient");
    }
    const reason =
      verdict.kind === "refuse"
        ? verdict.reason
        : (this.#told(paused, request) ?? (verdict.host === null ? null : await this.#nameProblem(verdict.host)));
    if (reason !== null) {
      if (this.#news.refused.length < MAX_NEWS)
        this.#news.refused.push({ url: paused.request.url.slice(0, 2_000), reason, navigation: request.navigation });
      return this.#fail(paused, request.navigation ? "Aborted" : "BlockedByClient");
    }
    if (verdict.kind === "go" && verdict.allowed) {
      // The name was asked for meanwhile: what is over is over.
      const again = request.ledFrom === verdict.allowed;
      if (!this.#allowed.includes(verdict.allowed) || (!again && verdict.allowed.left < 1)) return this.#fail(paused, "Aborted");
      // Whether it may be sent is asked before it is.
      if (request.preflightOf === null) {
        if (!again) verdict.allowed.left--;
        this.#left.set(paused.requestId, verdict.allowed);
        if (this.#news.sent.length < MAX_NEWS) this.#news.sent.push(sendingOf(paused, request.carried()));
      }
    }
    if (request.navigation && paused.networkId !== undefined) this.#coming.add(paused.networkId);
    await this.cdp.send("Fetch.continueRequest", { requestId: paused.requestId });
  }

  /** Why an act may not lead its tab there; null: it may, or there is none. */
  #told({ frameId = "" }: Paused, { url, navigation }: PageRequest): string | null {
    if (this.choosing === null || !navigation || !this.isTab(frameId)) return null;
    const { host } = new URL(url);
    return host === "" ? null : this.choosing.leadsTo(host);
  }

  #hold(paused: Paused, request: PageRequest, differs: string | undefined): void {
    const size = paused.request.postDataEntries?.reduce((sum, { bytes = "" }) => sum + bytes.length, 0) ?? 0;
    if (this.#news.held.length >= MAX_NEWS || this.#heldBytes + size > MAX_HELD_BYTES) return;
    this.#heldBytes += size;
    this.#news.held.push({ ...sendingOf(paused, request.carried()), ...(differs === undefined ? {} : { differs }) });
  }

  /** A page or a file came. Files are taken here, within limits; the browser keeps none. */
  async #answered(paused: Paused): Promise<void> {
    const download = downloadOf(paused.request.url, paused.responseStatusCode ?? 0, paused.responseHeaders ?? []);
    if (download === null) return this.cdp.send("Fetch.continueResponse", { requestId: paused.requestId });
    const take = async (): Promise<void> => {
      const kept = this.#news.downloads.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
      const full = this.#news.downloads.length >= 5 || kept + download.size > MAX_DOWNLOAD;
      const taken =
        download.size > MAX_DOWNLOAD ? tooLarge : full ? tooMany : await takeBody(this.cdp, paused.requestId, MAX_DOWNLOAD - kept);
      if (typeof taken !== "string")
        this.#news.downloads.push({ name: download.name, mime: download.mime, url: paused.request.url, bytes: taken });
      else if (this.#news.missed.length < MAX_NEWS) this.#news.missed.push(`${download.name}: ${taken}`);
    };
    const taking = this.#taking.then(take);
    this.#taking = taking.catch(() => undefined);
    await taking;
    return this.#fail(paused, "Aborted");
  }

  #nameProblem(host: string): Promise<string | null> {
    const known = this.#names.get(host);
    if (known && known.until > this.deps.now()) return known.problem;
    if (this.#names.size > 500) this.#names.clear();
    const problem = isLiteral(host) ? Promise.resolve(null) : this.#ask(host);
    this.#names.set(host, { until: this.deps.now() + NAME_KEPT_MS, problem });
    return problem;
  }

  async #ask(host: string): Promise<string | null> {
    const resolved = await this.deps.resolve(host);
    if (resolved.kind === "no_such_host") return `There is no host ${host}.`;
    return resolved.kind === "addresses" ? judgeAddresses(host, resolved.addresses) : null;
  }

  #fail({ requestId }: Paused, errorReason: "Aborted" | "BlockedByClient"): Promise<void> {
    return this.cdp.send("Fetch.failRequest", { requestId, errorReason });
  }
}

const isLiteral = (host: string): boolean => host.startsWith("[") || /^\d+(?:\.\d+){3}$/.test(host);

function requestOf({ request, resourceType, redirectedRequestId }: Paused, ledFrom: Allowed | null): PageRequest {
  const method = request.method.toUpperCase();
  const hasBody = request.hasPostData === true;
  let carried: Carried | null = null;
  return {
    url: request.url,
    method,
    navigation: resourceType === "Document",
    redirected: redirectedRequestId !== undefined,
    hasBody,
    ledFrom,
    preflightOf: method === "OPTIONS" && !hasBody ? (headerOf(request, "access-control-request-method")?.toUpperCase() ?? null) : null,
    carried: () => (carried ??= carriedBy(request.url, headerOf(request, "content-type") ?? "", entriesOf(request), hasBody)),
  };
}

const sendingOf = ({ request, resourceType }: Paused, carried: Carried): Sending => ({
  method: request.method.toUpperCase(),
  url: request.url,
  body: bodyText(headerOf(request, "content-type") ?? "", entriesOf(request), request.hasPostData === true),
  navigation: resourceType === "Document",
  carried,
});

const headerOf = ({ headers }: Paused["request"], name: string): string | undefined =>
  Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
const entriesOf = ({ postDataEntries = [] }: Paused["request"]): string[] => postDataEntries.map(({ bytes = "" }) => bytes);
