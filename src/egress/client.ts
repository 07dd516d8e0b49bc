import { type Host, hostMatches, hostOf, hostText } from "../permission/host.ts";
import { timeLimit } from "../time-limit.ts";
import { checkEgressUrl, MAX_URL } from "./check-url.ts";
import {
  type EgressCode,
  type EgressFailure,
  type EgressOptions,
  type EgressResult,
  type EgressSecret,
  KEPT_HEADERS,
} from "./egress-result.ts";
import { judgeAddresses } from "./judge-addresses.ts";
import { readMediaType, typeAllowed } from "./media-type.ts";
import { readBody, untilAborted } from "./read-body.ts";
import { requestHeaders } from "./request-headers.ts";
import type { Fetch, Resolve } from "./resolve.ts";

/** Redirects that are followed one after the other. */
export const MAX_REDIRECTS = 5;
export const DEFAULT_MAX_BYTES = 2_000_000;
export const DEFAULT_TIMEOUT_MS = 20_000;
/** Characters. */
const MAX_MESSAGE = 2500;

interface EgressDeps {
  fetch: Fetch;
  resolve: Resolve;
}

/** Where a request stands: what the failures of all its steps need to know. */
interface Progress {
  sent: boolean;
  readonly hops: string[];
}

/**
 * The only way out to addresses that people, pages or the model named. Each address, also that of each redirect, is judged as text and by what its name resolves to, before anything is
 * sent. Nothing is kept between requests: no cookies, no connections of its own. Expected refusals are values.
 */
export class Egress {
  readonly #deps: EgressDeps;

  constructor(deps: EgressDeps) {
    this.#deps = deps;
  }

  get(address: string, options: Omit<EgressOptions, "method" | "body"> = {}): Promise<EgressResult> {
    return this.request(address, options);
  }

  /** Throws only for headers that cannot be sent, which is the caller's bug. */
  async request(address: string, options: EgressOptions = {}): Promise<EgressResult> {
    const limit = timeLimit(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const signal = options.signal ? AbortSignal.any([options.signal, limit.signal]) : limit.signal;
    const progress: Progress = { sent: false, hops: [] };
    requestHeaders(options.headers ?? {}, true);
    try {
      return await this.#follow(address, options, signal, progress);
    } catch {
      // What the platform says about it may hold headers, and with them a secret.
      const at = hostIn(progress.hops.at(-1) ?? address);
      if (!signal.aborted) return failure("network", `${at} could not be reached, or broke off.`, progress);
      if (options.signal?.aborted) return failure("timeout", `The request to ${at} was stopped.`, progress);
      const seconds = Math.ceil((options.timeoutMs ?? DEFAULT_TIMEOUT_MS) / 1000);
      return failure("timeout", `${at} took longer than ${seconds} seconds.`, progress);
    } finally {
      limit.end();
    }
  }

  async #follow(address: string, options: EgressOptions, signal: AbortSignal, progress: Progress): Promise<EgressResult> {
    let at = address;
    let first: URL | null = null;
    for (;;) {
      const checked = await this.#check(at, first !== null, signal, progress);
      if (!(checked instanceof URL)) return checked;
      first ??= checked;
      const headers = await this.#headers(checked, first, options, signal, progress);
      if (!(headers instanceof Headers)) return headers;
      const response = await this.#send(checked, headers, options, signal, progress);
      if (!isRedirect(response)) return answer(response, checked, options, signal, progress);
      void response.body?.cancel().catch(() => {});
      const next = nextHop(response, checked, first, options, progress);
      if (typeof next !== "string") return next;
      at = next;
    }
  }

  /** The address without its fragment, if it may be asked for. */
  async #check(address: string, redirected: boolean, signal: AbortSignal, progress: Progress): Promise<URL | EgressFailure> {
    const from = redirected ? `It leads on to ${address}, and that is not followed. ` : "";
    const refuse = (code: EgressCode, reason: string): EgressFailure =>
      failure(code, `${from}${reason}`, progress, redirected ? address : undefined);
    const checked = checkEgressUrl(address);
    if (!checked.allowed) return refuse(checked.code, checked.reason);
    const { url } = checked;
    url.hash = "";
    if (isLiteral(url.hostname)) return url;
    const name = url.hostname.replace(/\.$/, "");
    const resolved = await untilAborted(this.#deps.resolve(name), signal);
    if (resolved.kind === "no_such_host") return refuse("no_such_host", `There is no host ${name}.`);
    const problem = resolved.kind === "addresses" ? judgeAddresses(name, resolved.addresses) : null;
    return problem === null ? url : refuse("private_address", problem);
  }

  async #headers(
    url: URL,
    first: URL,
    { headers: given = {}, secret }: EgressOptions,
    signal: AbortSignal,
    progress: Progress,
  ): Promise<Headers | EgressFailure> {
    const headers = requestHeaders(given, sameHost(url, first));
    if (secret === undefined) return headers;
    const host = hostOf(url);
    const refuse = (why: string): EgressFailure => failure("secret_not_for_host", why, progress);
    if (!isFor(secret, host) || url.protocol !== "https:") {
      // A page may lead elsewhere; there it goes without.
      if (url !== first) return headers;
      return refuse(isFor(secret, host) ? "A secret is only sent over https." : `The secret is not for ${hostText(host)}.`);
    }
    const value = await untilAborted(secret.value(hostText(host)), signal);
    if (value === null) return refuse(`There is no secret for ${hostText(host)}.`);
    try {
      headers.set(secret.header, value);
    } catch {
      return refuse(`The secret for ${hostText(host)} holds characters that no header can hold.`);
    }
    return headers;
  }

  #send(url: URL, headers: Headers, options: EgressOptions, signal: AbortSignal, progress: Progress): Promise<Response> {
    signal.throwIfAborted();
    progress.sent = true;
    progress.hops.push(url.href);
    const { method = "GET", body } = options;
    // Taken out of its object: the platform's own function refuses to be called as somebody's method.
    const { fetch } = this.#deps;
    return untilAborted(fetch(url.href, { method, headers, redirect: "manual", signal, ...(body === undefined ? {} : { body }) }), signal);
  }
}

async function answer(
  response: Response,
  url: URL,
  options: EgressOptions,
  signal: AbortSignal,
  progress: Progress,
): Promise<EgressResult> {
  const { mediaType, charset } = readMediaType(response.headers.get("content-type"));
  const empty = response.body === null || options.method === "HEAD" || response.status === 204;
  if (!empty && options.types !== undefined && !typeAllowed(mediaType, options.types)) {
    void response.body?.cancel().catch(() => {});
    return failure("unsupported_type", `${url.host} answered with ${mediaType}, which cannot be read here.`, progress);
  }
  const body = await readBody(response.body, options.maxBytes ?? DEFAULT_MAX_BYTES, signal);
  const headers = Object.fromEntries(KEPT_HEADERS.flatMap((name) => entryOf(name, response.headers.get(name))));
  return { ok: true, status: response.status, url: url.href, mediaType, charset, headers, ...body, hops: progress.hops };
}

const entryOf = (name: string, value: string | null): [string, string][] => (value === null ? [] : [[name, value]]);

/** Where a redirect leads, or why it is not followed. */
function nextHop(response: Response, from: URL, first: URL, options: EgressOptions, progress: Progress): string | EgressFailure {
  const location = response.headers.get("location") ?? "";
  const target = URL.parse(location, from.href);
  if (target === null) return failure("redirect_refused", `${from.host} leads on to an address that cannot be read.`, progress);
  const refuse = (why: string): EgressFailure =>
    failure("redirect_refused", `${from.host} leads on to ${target.href}, which is not followed: ${why}`, progress, target.href);
  const { method = "GET", follow = "any" } = options;
  if (method !== "GET" && method !== "HEAD") return refuse(`a ${method} is not sent a second time.`);
  if (follow === "none") return refuse("redirects are not followed here.");
  if (from.protocol === "https:" && target.protocol === "http:") return refuse("it would give up https.");
  if (follow === "same-host" && !sameHost(target, first)) return refuse("it is on another host.");
  if (progress.hops.length > MAX_REDIRECTS)
    return failure(
      "too_many_redirects",
      `${first.host} led on more than ${MAX_REDIRECTS} times, at last to ${target.href}.`,
      progress,
      target.href,
    );
  return target.href;
}

const isRedirect = (response: Response): boolean => [301, 302, 303, 307, 308].includes(response.status) && response.headers.has("location");
const sameHost = (a: URL, b: URL): boolean => hostText(hostOf(a)) === hostText(hostOf(b));
const isLiteral = (hostname: string): boolean => hostname.startsWith("[") || /^\d+(?:\.\d+){3}\.?$/.test(hostname);
const hostIn = (address: string): string => URL.parse(address)?.host ?? "The host";
/** A secret is for hosts that are named: a pattern for all of them covers none. */
const isFor = ({ hosts }: EgressSecret, host: Host): boolean =>
  hosts.some((pattern) => pattern.trim() !== "*" && hostMatches(pattern, host));

function failure(code: EgressCode, message: string, { sent, hops }: Progress, location?: string): EgressFailure {
  // A redirect may lead to an address of any length.
  return {
    ok: false,
    code,
    message: message.slice(0, MAX_MESSAGE),
    sent,
    ...(hops.length > 1 || location !== undefined ? { redirected: true } : {}),
    ...(location === undefined ? {} : { location: location.slice(0, MAX_URL) }),
  };
}
