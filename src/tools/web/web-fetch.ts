import { z } from "zod";
import { checkEgressUrl, MAX_URL } from "../../egress/check-url.ts";
import type { EgressAnswer, EgressFailure } from "../../egress/egress-result.ts";
import { MargayError } from "../../errors.ts";
import { DocumentError, ReaderAway } from "../../knowledge/parsed.ts";
import { hostOf, hostText } from "../../permission/host.ts";
import type { Tool, ToolContext, ToolOutput } from "../tool.ts";
import { type PageText, pageText, type PageTextOptions, READABLE_TYPES } from "./page-text.ts";
import { SECRETS_USE, type WebStores } from "./web-port.ts";

const Input = z.strictObject({
  url: z.string().max(MAX_URL),
  from: z.number().int().min(0).max(10_000_000).optional(),
  whole: z.boolean().optional(),
  secret: z.string().max(64).optional().describe("name of a stored secret to sign in with"),
});

/** Characters of one answer. */
export const PART = 20_000;
const MAX_LINKS = 200;
const MAX_BYTES = 10_000_000;
/** Less than the tool's own limit, so that its sentence is the one that is read. */
const TIMEOUT_MS = 20_000;

/** The address as it is asked for, as the gate compares it; null: it is refused. A fragment is never sent, so it is no part of it. */
function addressOf(text: string): URL | null {
  const checked = checkEgressUrl(text);
  if (!checked.allowed) return null;
  checked.url.hash = "";
  return checked.url;
}

/** Reads one page. */
export const webFetch: Tool<typeof Input, WebStores> = {
  name: "web_fetch",
  version: 2,
  description: "Read a web page's main text (`whole`: all of it) or PDF as Markdown. Long ones come in parts: go on with `from`.",
  input: Input,
  // What the filter refuses is not asked for anywhere. It goes through the gate as a host that cannot exist (RFC 2606), so that the model reads the filter's
  // own reason, and nobody is asked to approve it.
  capabilities: ({ url, secret }) => {
    const address = addressOf(url);
    return [
      `net.fetch:${address === null ? "invalid.example" : hostText(hostOf(address))}`,
      ...(secret === undefined ? [] : [`${SECRETS_USE}:${secret}`]),
    ];
  },
  // What is asked for in the user's name can do something there: many services change things on a GET.
  effect: ({ secret }) => (secret === undefined ? "read" : "external"),
  // Who agreed to a page being read did not agree to it in their name.
  standing: ({ secret }) => (secret === undefined ? "place" : "same"),
  destinations: ({ url }) => {
    const address = addressOf(url);
    return address === null ? [] : [address.href];
  },
  untrusted: true,
  rateLimit: { calls: 30, perMs: 60_000 },
  timeoutMs: 30_000,
  replay: "safe",
  describe: ({ url, secret }) => `Read ${addressOf(url)?.href ?? url}${secret === undefined ? "" : ` with the secret ${secret}`}`,
  async execute({ url, from = 0, whole = false, secret }, { stores, signal, composed, profile, scrub }) {
    const checked = checkEgressUrl(url);
    if (!checked.allowed) throw new MargayError("invalid_request", checked.reason);
    const result = await stores.web.fetch(checked.url.href, {
      headers: { accept: "text/markdown, text/html;q=0.9, text/plain;q=0.8, application/json;q=0.8, application/pdf;q=0.8, */*;q=0.1" },
      follow: composed || isHeld(profile) ? "same-host" : "any",
      types: READABLE_TYPES,
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_MS,
      signal,
      secretName: secret,
    });
    signal.throwIfAborted();
    if (!result.ok) return refused(result, checked.url);
    const page = await readPage(result, { whole, signal, pdf: stores.web.pdf });
    if ("error" in page) return { output: page, summary: `Could not read ${result.url}`, untrusted: originOf(result.url) };
    // Whole: a part could begin in the middle of a secret.
    page.text = await scrub(page.text);
    const shown = part(page.text, from);
    return {
      output: outputOf(page, shown, result, checked.url),
      summary: `Read ${result.url}${result.status >= 400 ? ` (status ${result.status})` : ""}`,
      untrusted: originOf(result.url),
      // What an address that the model wrote answers may repeat what is in it, also in its links.
      links: composed ? [] : given(page.links, shown.text),
    };
  },
};

/** Whether its caller may reach some hosts only: a page of theirs must not lead it to others. */
const isHeld = (profile: ToolContext["profile"]): boolean => profile?.includes("net.fetch:*") === false;

/** What a server says is read as its word, also where it is part of a refusal. */
function refused({ message, sent, location, code, redirected }: EgressFailure, url: URL): ToolOutput {
  if (!sent || (!redirected && (code === "timeout" || code === "network"))) throw new MargayError("invalid_request", message);
  const next = location === undefined ? "" : " To read that, fetch it by its own address; the user may be asked.";
  return { output: { error: `${message}${next}` }, summary: `Could not read ${url.href}`, untrusted: originOf(url.href) };
}

/** A file that cannot be read is told like a refusal. */
async function readPage(result: EgressAnswer, options: PageTextOptions): Promise<PageText | { error: string }> {
  try {
    return await pageText(result, options);
  } catch (error) {
    if (error instanceof DocumentError || error instanceof ReaderAway) return { error: error.message };
    throw error;
  }
}

interface Part {
  text: string;
  from: number;
  end: number;
}

/** From a character on, to the end of a line where one is near. */
function part(text: string, from: number): Part {
  const most = from + PART;
  if (most >= text.length) return { text: text.slice(from), from, end: text.length };
  const line = text.lastIndexOf("\n", most) + 1;
  const end = line > most - 1000 && line > from ? line : most - (/[\uD800-\uDBFF]/.test(text.charAt(most - 1)) ? 1 : 0);
  return { text: text.slice(from, end), from, end };
}

function outputOf({ title, about, text, cut, partly }: PageText, shown: Part, { status, url }: EgressAnswer, asked: URL): string {
  const head = [
    ...(status >= 200 && status < 300 ? [] : [`Status: ${status}`]),
    ...(url === addressOf(asked.href)?.href ? [] : [`Address: ${url}`]),
    ...(title === "" ? [] : [`Title: ${title}`]),
    ...(about === "" || shown.from > 0 ? [] : [`About: ${about}`]),
  ].join("\n");
  return [
    head,
    shown.text === "" && shown.from === 0 ? "[No text.]" : shown.text,
    note(shown, text.length, cut),
    partly && shown.from === 0 ? "[Its main text. For the rest: whole: true]" : "",
  ]
    .filter((piece) => piece !== "")
    .join("\n\n");
}

function note({ from, end }: Part, total: number, cut: boolean): string {
  if (from > 0 && from >= total) return `[There are only ${total} characters.]`;
  if (end < total) return `[Characters ${from} to ${end} of ${total}. Go on with from: ${end}]`;
  return cut ? "[The page is longer; the rest cannot be read.]" : "";
}

/** Those that are shown first, since those are what the model can name. */
function given(links: readonly string[], text: string): string[] {
  const shown = links.filter((link) => text.includes(link));
  return [...new Set([...shown, ...links])].slice(0, MAX_LINKS);
}

/** `example.com/path`, at most 200 characters: a path can be long, and it is the server's word too. */
function originOf(address: string): string {
  const { host, pathname } = new URL(address);
  return `${host}${pathname}`.slice(0, 200);
}
