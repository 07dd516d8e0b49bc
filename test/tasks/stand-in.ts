import { z } from "zod";
import type { Effect } from "../../src/permission/effect.ts";
import type { Tool, ToolOutput } from "../../src/tools/tool.ts";

const Input = z.looseObject({ to: z.string().optional() });
type StandIn = Tool<typeof Input, unknown>;

/** A tool that stands for one of a kind, and does what it is told to. */
export const standIn = (
  name: string,
  change: Partial<StandIn> & { of?: Effect; does?(input: z.output<typeof Input>): Partial<ToolOutput> } = {},
): StandIn => ({
  name,
  version: 1,
  description: name,
  input: Input,
  capabilities: () => [],
  effect: () => change.of ?? "read",
  destinations: ({ to }) => (to === undefined ? [] : [to]),
  untrusted: false,
  rateLimit: { calls: 10_000, perMs: 60_000 },
  timeoutMs: 5_000,
  replay: "never",
  execute: async (input) => ({ output: { did: name }, summary: `Did ${name}`, ...change.does?.(input) }),
  ...Object.fromEntries(Object.entries(change).filter(([key]) => key !== "of" && key !== "does")),
});
