import type { Browsers } from "../../browser/browsers.ts";
import type { BrowserCall, Shown } from "../../browser/browser-call.ts";
import type { BrowserSession } from "../../browser/browser-session.ts";
import type { Filling } from "../../browser/filling.ts";
import { MargayError, withNext } from "../../errors.ts";
import { hostMatches, hostText, readHost } from "../../permission/host.ts";
import type { SecretUse } from "../../secrets/vault.ts";
import type { BrowserCaller, BrowserPort, FieldInput } from "./browser-port.ts";
import { noSecret } from "../../secrets/no-secret.ts";

/** The largest file that a page is given, bytes. */
const MAX_UPLOAD = 5_000_000;

interface BrowsingDeps {
  browsers: Browsers;
  /** Whose session a call uses. */
  nameOf(callId: string, conversationId: string | null): string;
  vault: { useOf(name: string): SecretUse | null; get(name: string): Promise<string | null> };
  /** A secret was filled in on this host. */
  used(name: string, host: string): void;
  /** Keeps a file beside what is there, as of a call; gives its path. */
  save(callId: string, path: string, bytes: Uint8Array, from: string): Promise<string>;
  read(path: string): Promise<{ name: string; mime: string; bytes: Uint8Array }>;
  fileState: BrowserPort["fileState"];
}

/** Browsers for tools: whose session it is, the user's files and secrets. */
export function browsing({ browsers, nameOf, vault, used, save, read, fileState }: BrowsingDeps): BrowserPort {
  const callOf = ({ callId, signal, composed, hosts, choices, scrub }: BrowserCaller): BrowserCall => ({
    signal,
    composed,
    hosts,
    choices,
    scrub,
    save: (path, _mime, bytes, from) => save(callId, path, bytes, from),
    stateOf: (path) => fileState(path)?.seen ?? null,
  });
  const nameFor = ({ callId, conversationId }: Pick<BrowserCaller, "callId" | "conversationId">): string => nameOf(callId, conversationId);
  const session = (caller: BrowserCaller): Promise<BrowserSession> => browsers.session(nameFor(caller), false);

  const secretFor = (name: string): Filling["value"] => ({
    kind: "secret",
    async valueFor({ type }, site, secure) {
      const use = vault.useOf(name);
      const host = readHost(site);
      if (use === null) throw noSecret(name);
      // A pattern for all hosts covers none.
      if (host === null || !use.hosts.some((pattern) => pattern.trim() !== "*" && hostMatches(pattern, host)))
        throw new MargayError("forbidden", `The secret ${name} is not for ${site}.`);
      if (!secure) throw new MargayError("forbidden", "A secret is only typed into pages that came by https.");
      const value = await vault.get(name);
      if (value === null) throw new MargayError("not_found", `There is no secret named ${name}.`);
      used(name, hostText(host));
      if (use.place !== "basic" || !value.includes(":")) return value;
      // `user:password`: each into its own field.
      const colon = value.indexOf(":");
      return type === "password" ? value.slice(colon + 1) : value.slice(0, colon);
    },
  });

  async function fillingOf({ ref, text, secret, file, seen }: FieldInput): Promise<Filling> {
    if (secret !== undefined) return { ref, value: secretFor(secret) };
    if (file === undefined) return { ref, value: { kind: "text", text: text ?? "" } };
    const isSeen = (): boolean => seen === undefined || fileState(file)?.seen === seen;
    const found = isSeen() ? await read(file) : null;
    // Another may have taken its place while it was read.
    if (found === null || !isSeen())
      throw new MargayError(
        "conflict",
        `${file} is not the file any more that was asked about. Nothing was typed.`,
        withNext("Ask again."),
      );
    if (found.bytes.byteLength > MAX_UPLOAD)
      throw new MargayError("payload_too_large", `${file} is larger than ${MAX_UPLOAD / 1_000_000} MB.`);
    return { ref, value: { kind: "file", ...found } };
  }

  return {
    open: async (caller, page) => (await browsers.session(nameFor(caller), true)).open(callOf(caller), page),
    read: async (caller, part) => (await session(caller)).read(callOf(caller), part),
    async act(caller, act): Promise<Shown> {
      const one = await session(caller);
      const call = callOf(caller);
      switch (act.do) {
        case "click":
          return one.click(call, act.ref);
        case "select":
          return one.select(call, act.ref, act.value);
        case "press":
          return one.press(call, act.key, act.ref, act.tab);
        case "scroll":
          return one.scroll(call, act.tab, act.screens);
        case "wait":
          return one.wait(call, act.tab, act.words, act.seconds);
        case "back":
          return one.back(call, act.tab);
        case "close": {
          const { left } = act.tab === undefined ? { left: 0 } : await one.closeTab(act.tab);
          if (left === 0) await browsers.end(nameFor(caller));
          return {
            text: left === 0 ? "The browser is closed." : `Closed ${act.tab ?? ""}; ${left} open.`,
            origin: "browser",
            links: [],
            proposal: null,
            sent: [],
            chose: 0,
          };
        }
      }
    },
    async type(caller, site, fields) {
      const one = await session(caller);
      return one.fill(callOf(caller), site, await Promise.all(fields.map(fillingOf)));
    },
    screenshot: async (caller, { tab, whole }) => (await session(caller)).screenshot(callOf(caller), tab, whole),
    submit: async (caller, id, seen) => (await session(caller)).submit(callOf(caller), id, seen),
    proposal: (id) => browsers.proposal(id),
    named: (caller, ref) => browsers.open(nameFor(caller))?.named(ref) ?? null,
    fileState,
  };
}
