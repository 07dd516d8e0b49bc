import { checkEgressUrl } from "../egress/check-url.ts";
import { hostMatches, hostOf } from "../permission/host.ts";
import type { Carried } from "./carried.ts";
import { type Expected, notShown } from "./not-shown.ts";

/** The longest address of a page's own request, in characters. */
const MAX_PAGE_URL = 32_000;

/** A request as the browser holds it before it leaves. */
export interface PageRequest {
  url: string;
  method: string;
  /** It would show something: a page or a frame. */
  navigation: boolean;
  /** An earlier one led here. */
  redirected: boolean;
  hasBody: boolean;
  /** What it was led here from, where a person said yes to that. */
  ledFrom: Allowed | null;
  /** The method of the request that it only asks about (CORS); null: it is no such question. */
  preflightOf: string | null;
  /** Taken apart when it is needed. */
  carried(): Carried;
}

/** What may be sent while an act runs that a person said yes to. */
export interface Allowed {
  method: string;
  /** Origin and path. */
  place: string;
  /** What it may carry. */
  shown: Expected;
  /** How often it may still be sent. */
  left: number;
}

export interface GuardState {
  /** What was typed into pages, and the host of the page. */
  typed: readonly { text: string; host: string }[];
  /** UTC milliseconds. */
  now: number;
  allowed: readonly Allowed[];
  /** While the agent opens an address that it wrote itself where content from outside was read: another host may not be led to. */
  pinned: string | null;
  /** The same for the tab that a page is for, for as long as it shows what came of such an address: it is not led on by links and scripts either. */
  tabPinned?: string | null;
  /** Host patterns that may be reached (`example.com`, `*.example.com`); null: any public one. */
  hosts: readonly string[] | null;
  /** Origins that are asked although their address is private; tests at this machine only. */
  loopback: ReadonlySet<string>;
}

/**
 * `go`: it may leave, if its host is a public one; `hold`: it would send something, so a person is asked first (`differs`: they were, about another content; what of this one they were not shown); `refuse`: it leads where nothing
 * may.
 */
export type Verdict =
  | { kind: "go"; host: string | null; allowed?: Allowed }
  | { kind: "hold"; differs?: string }
  | { kind: "refuse"; reason: string };

/** Origin and path: what has to be the very same. A query is compared value by value, as a body is. */
export function placeOf(address: string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname}`;
}

/** Whether a request of a page may leave by itself. Pure; what a host's name leads to is judged afterwards. */
export function judgeRequest(request: PageRequest, state: GuardState): Verdict {
  const url = URL.parse(request.url);
  if (url === null) return { kind: "refuse", reason: "It is not an address." };
  // They never leave the browser, and what a page makes of them it has already. As pages they would be nobody's.
  if (url.protocol === "data:" || url.protocol === "blob:" || url.protocol === "about:") return { kind: "go", host: null };
  const checked = checkPageUrl(url.href, state.loopback);
  if (typeof checked === "string") return { kind: "refuse", reason: checked };
  const { hosts } = state;
  if (hosts !== null && !hosts.some((pattern) => hostMatches(pattern, hostOf(url))))
    return { kind: "refuse", reason: `This kind of task may not reach ${url.host}.` };
  if (state.pinned !== null && request.navigation && request.redirected && url.host !== state.pinned)
    return { kind: "refuse", reason: `${state.pinned} leads on to ${url.host}, which is not followed here.` };
  const { tabPinned = null } = state;
  if (tabPinned !== null && request.navigation && url.host !== tabPinned)
    return {
      kind: "refuse",
      reason: `${tabPinned} leads on to ${url.host}, which is not followed here. Open it by its own address; the user may be asked.`,
    };
  const host = state.loopback.has(url.origin) ? null : url.hostname.replace(/\.$/, "");
  if (!sends(request) && !carries(url, state.typed)) return { kind: "go", host };
  return allowance(request, placeOf(url.href), state, host);
}

/** Whether what sends is part of what a person said yes to: there, by that method, with what they were shown, and once. */
function allowance(request: PageRequest, place: string, { allowed, typed, now }: GuardState, host: string | null): Verdict {
  const methods = [request.method, request.preflightOf];
  const there = allowed.filter((one) => methods.includes(one.method) && one.place === place && (one.left > 0 || one === request.ledFrom));
  if (there.length === 0) return { kind: "hold" };
  const around = { typed: typed.map(({ text }) => text), now };
  let differs = "";
  for (const one of there) {
    const other = notShown(request.carried(), one.shown, around);
    if (other === null) return { kind: "go", host, allowed: one };
    differs ||= other;
  }
  return { kind: "hold", differs };
}

/** Why an address is not one that pages may ask for; the address itself: it is. */
function checkPageUrl(href: string, loopback: ReadonlySet<string>): URL | string {
  const url = new URL(href);
  // The parser took this text apart and wrote it anew, so what is judged is what is asked for.
  if (href.length > MAX_PAGE_URL) return `The address is longer than ${MAX_PAGE_URL} characters.`;
  if (loopback.has(url.origin)) return url;
  const checked = checkEgressUrl(`${url.protocol}//${url.username === "" ? "" : "x@"}${url.host}/`);
  return checked.allowed ? url : checked.reason;
}

const sends = ({ method, hasBody }: PageRequest): boolean => (method !== "GET" && method !== "HEAD") || hasBody;

/** Shorter texts stand in addresses by accident. */
const MIN_TYPED = 4;

/** Whether an address takes what was typed on one host to another. What a page encodes in its own way is not found: for that reason typing itself asks where the user did not name the host. */
function carries(url: URL, typed: GuardState["typed"]): boolean {
  const told = typed.filter(({ text, host }) => text.length >= MIN_TYPED && !sameSite(host, url.host));
  if (told.length === 0) return false;
  const text = readable(`${url.hostname} ${url.pathname} ${url.search}`).toLowerCase();
  return told.some((one) => text.includes(one.text.toLowerCase()));
}

/** Texts that are as long stand in addresses for no other reason. */
const MIN_TOLD = 8;

/** Whether an address holds something that was typed, as it is or as addresses write it. */
export function holdsTyped(address: string, typed: GuardState["typed"]): boolean {
  const texts = [address, readable(address), readable(readable(address))].map((text) => text.toLowerCase());
  return typed.some(({ text }) => text.length >= MIN_TOLD && texts.some((one) => one.includes(text.toLowerCase())));
}

function readable(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** The same host, or one below the other: `www.example.com` and `example.com`. */
function sameSite(a: string, b: string): boolean {
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);
}
