import { z } from "zod";
import { compileTool } from "../../src/tools/compile-tool.ts";
import type { ToolCall } from "../../src/tools/compiled-tool.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { aCall, memoryGate } from "../support/memory-gate.ts";

export interface Stores {
  list: string[];
}
const Input = z.object({ title: z.string().min(1).max(20), to: z.string().optional() });
export type Adder = Tool<typeof Input, Stores>;

/** A tool that adds to a list, and takes it back. */
export const toolWith = (change: Partial<Adder> = {}): Adder => ({
  name: "add",
  version: 1,
  description: "Adds.",
  input: Input,
  capabilities: () => ["list.write"],
  effect: () => "write",
  destinations: ({ to }) => (to === undefined ? [] : [to]),
  untrusted: false,
  rateLimit: { calls: 3, perMs: 60_000 },
  timeoutMs: 1000,
  replay: "keyed",
  async execute({ title }, { stores }) {
    stores.list.push(title);
    return { output: { added: title }, summary: `Added "${title}"`, receipt: { title } };
  },
  async undo(receipt, { stores }) {
    const { title } = z.object({ title: z.string() }).parse(receipt);
    stores.list.splice(stores.list.indexOf(title), 1);
    return { output: { removed: title }, summary: `Removed "${title}"` };
  },
  ...change,
});

/** It, behind a gate. */
export function setup(tool = toolWith(), granted: string[] = ["list.write"]) {
  const stores: Stores = { list: [] };
  const gate = memoryGate(stores);
  gate.state.granted = granted;
  const call = (change: Partial<ToolCall> = {}): ToolCall => aCall({ input: { title: "milk" }, ...change });
  return { ...gate, list: stores.list, compiled: compileTool(tool, gate.deps), call };
}

/** One that sends, which is asked about. */
export const sends = (change: Partial<Adder> = {}): Adder => toolWith({ effect: () => "external", replay: "never", ...change });
