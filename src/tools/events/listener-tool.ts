import type { z } from "zod";
import { checkEgressUrl } from "../../egress/check-url.ts";
import type { ListenerView } from "../../events/shapes.ts";
import { hostOf, hostText } from "../../permission/host.ts";
import { playbookWords } from "../../plans/playbook-words.ts";
import type { Effect, Tool, ToolContext, ToolOutput } from "../tool.ts";
import { LISTENER_READ, LISTENER_WRITE, type ListenerStores } from "./listener-port.ts";

interface ListenerToolSpec<Input extends z.ZodType> {
  name: string;
  version: number;
  description: string;
  input: Input;
  effect(input: z.output<Input>): Extract<Effect, "read" | "write" | "destructive">;
  /** The address that it will look at again and again; absent: none. */
  address?(input: z.output<Input>): string | undefined;
  /** One line for a person: what the call would do. */
  describe(input: z.output<Input>): string;
  execute(input: z.output<Input>, context: ToolContext<ListenerStores>): Promise<ToolOutput>;
  undo?(receipt: unknown, context: ToolContext<ListenerStores>): Promise<ToolOutput>;
}

/** A tool of the family: the same grants and limits for each. */
export function listenerTool<Input extends z.ZodType>(spec: ListenerToolSpec<Input>): Tool<Input, ListenerStores> {
  const addressOf = (input: z.output<Input>): URL | null => {
    const checked = checkEgressUrl(spec.address?.(input) ?? "");
    return checked.allowed ? checked.url : null;
  };
  return {
    name: spec.name,
    version: spec.version,
    description: spec.description,
    input: spec.input,
    rare: true,
    capabilities(input) {
      const address = addressOf(input);
      const own = spec.effect(input) === "read" ? LISTENER_READ : LISTENER_WRITE;
      return address === null ? [own] : [own, `net.fetch:${hostText(hostOf(address))}`];
    },
    effect: (input) => spec.effect(input),
    // What is looked at by itself is asked for again and again: an address that nobody named is asked about first.
    destinations: (input) => {
      const address = addressOf(input);
      return address === null ? [] : [address.href];
    },
    untrusted: false,
    rateLimit: { calls: 30, perMs: 60_000 },
    timeoutMs: 60_000,
    replay: "keyed",
    describe: (input) => spec.describe(input),
    execute: (input, context) => spec.execute(input, context),
    ...(spec.undo ? { undo: spec.undo } : {}),
  };
}

/** Where an answer comes from that holds such listeners: nothing to say for the user's own. */
export const marked = (...listeners: readonly ListenerView[]): Pick<ToolOutput, "untrusted"> =>
  listeners.some(({ tainted }) => tainted) ? { untrusted: "listeners, some made for content from outside" } : {};

/** A listener as the model reads it: short. No address of a hook, which is half of a secret, but where to find it. */
export function view({
  number,
  title,
  source,
  when,
  action,
  status,
  firings,
  paused_because,
  secret,
  poll,
}: ListenerView): Record<string, unknown> {
  const from =
    source.kind === "hook"
      ? `${source.scheme.name} hook`
      : source.kind === "mail"
        ? "mail to the user's Margay address"
        : source.kind === "file"
          ? `files in ${source.folder}`
          : `${source.kind} ${source.url}`;
  const words =
    action.kind === "prompt"
      ? action.prompt
      : action.kind === "text"
        ? action.text
        : action.kind === "profile"
          ? `${action.profile}: ${action.input}`
          : playbookWords({ name: action.playbook, variables: action.variables });
  return {
    n: number,
    title,
    from,
    ...(when.fields.length === 0
      ? {}
      : { if: when.fields.map(({ path, op, value }) => `${path} ${op} ${JSON.stringify(value ?? true)}`), match: when.match }),
    ...(when.question === null ? {} : { question: when.question }),
    action: `${action.kind}: ${words.length > 300 ? `${words.slice(0, 300).toWellFormed()}…` : words}`,
    ...(status === "active" ? {} : { status, ...(paused_because === null ? {} : { because: paused_because }) }),
    ...(source.kind === "hook" && secret === null
      ? { to_do: "The user has to set its secret on the page of listeners, where its address is too." }
      : {}),
    ...(poll?.error ? { failed: poll.error } : {}),
    acted: firings,
  };
}
