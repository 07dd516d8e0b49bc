import type { z } from "zod";
import { MAX_GIVEN } from "../../agent/turn.ts";
import type { Shown } from "../../browser/browser-call.ts";
import type { Choices } from "../../browser/choices.ts";
import { checkEgressUrl } from "../../egress/check-url.ts";
import { hostOf, hostText, readHost } from "../../permission/host.ts";
import type { CallMarks } from "../compiled-tool.ts";
import type { Effect, Tool, ToolContext, ToolOutput } from "../tool.ts";
import { BROWSER_USE, type BrowserCaller, type BrowserStores } from "./browser-port.ts";

interface BrowserToolSpec<Input extends z.ZodType> {
  name: string;
  version: number;
  description: string;
  input: Input;
  /** Beside the browser itself. */
  capabilities?(input: z.output<Input>): string[];
  effect(input: z.output<Input>): Effect;
  destinations(input: z.output<Input>): string[];
  replay: Tool["replay"];
  standing?: Tool<Input, BrowserStores>["standing"];
  describe(input: z.output<Input>): string;
  asked?: Tool<Input, BrowserStores>["asked"];
  execute(input: z.output<Input>, context: ToolContext<BrowserStores>): Promise<ToolOutput>;
}

/** A tool of the family: what it reads is from outside, whatever it is asked. */
export const browserTool = <Input extends z.ZodType>(spec: BrowserToolSpec<Input>): Tool<Input, BrowserStores> => ({
  name: spec.name,
  version: spec.version,
  description: spec.description,
  input: spec.input,
  rare: true,
  capabilities: (input) => [BROWSER_USE, ...(spec.capabilities?.(input) ?? [])],
  effect: (input) => spec.effect(input),
  destinations: (input) => spec.destinations(input),
  untrusted: true,
  rateLimit: { calls: 120, perMs: 60_000 },
  timeoutMs: 90_000,
  replay: spec.replay,
  describe: (input) => spec.describe(input),
  ...(spec.standing ? { standing: spec.standing } : {}),
  ...(spec.asked ? { asked: spec.asked } : {}),
  execute: async (input, context) => spec.execute(input, context),
});

const FETCH = /^net\.fetch:(.+)$/;

/** Who calls, as the browser knows it. Where a kind of task may reach some hosts only, its pages may not either. `site`: the host that a person was asked about. */
export function callerOf(
  { idempotencyKey, conversationId, signal, composed, marks, profile, scrub }: ToolContext<BrowserStores>,
  site?: string,
): BrowserCaller {
  return {
    callId: idempotencyKey,
    conversationId: conversationId ?? null,
    signal,
    composed,
    hosts: hostsOf(profile),
    choices: choicesOf(marks ?? null, site),
    scrub: (text) => scrub(text),
  };
}

/** The hosts that a profile may reach; null: any. */
function hostsOf(profile: readonly string[] | null): readonly string[] | null {
  const hosts = profile?.flatMap((capability) => FETCH.exec(capability)?.[1] ?? []) ?? null;
  return hosts === null || hosts.includes("*") ? null : hosts;
}

/** What may be chosen on pages: what the turn or task has left of addresses that pages gave. What a person called or said yes to is not counted, except elsewhere than where they were asked about. */
function choicesOf(marks: CallMarks | null, site: string | undefined): Choices | null {
  const asked = site === undefined ? null : textOf(site);
  if (marks === null) return asked === null ? null : { left: 0, named: (host) => textOf(host) === asked, asked: true };
  if (!marks.tainted || marks.origin === "user") return null;
  const { word, usedGiven = 0 } = marks.provenance;
  return {
    left: MAX_GIVEN - usedGiven,
    named(text) {
      const host = readHost(text);
      return host !== null && word.namesHost(host);
    },
  };
}

function textOf(text: string): string | null {
  const host = readHost(text);
  return host === null ? null : hostText(host);
}

/** What is seen, as an answer. `own`: the address was the model's own; what it answers may repeat what is in it, also in its links. */
export const answer = ({ text, origin, links, chose }: Shown, summary: string, own = false): ToolOutput => ({
  output: text,
  summary,
  untrusted: origin,
  links: own ? [] : links.slice(0, 200),
  usedGiven: chose,
});

/** The capability to reach a host. What cannot be read as one is a host that cannot exist (RFC 2606): the tool itself says why it is refused, and nobody is asked. */
export function reaching(site: string): string {
  const host = readHost(site);
  return `net.fetch:${host === null ? "invalid.example" : hostText(host)}`;
}

/** An address as it is asked for; null: it is refused. */
export function addressOf(text: string): { href: string; host: string } | null {
  const checked = checkEgressUrl(text);
  return checked.allowed ? { href: checked.url.href, host: hostText(hostOf(checked.url)) } : null;
}
