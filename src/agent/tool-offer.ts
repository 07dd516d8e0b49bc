import { z } from "zod";
import { type CompiledTool, plainOutcome, type ToolOutcome } from "../tools/compiled-tool.ts";

/** What a model is told of a tool. */
export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Record<string, unknown>;
}

/** Tools offered in full, and those that the model finds by search. All of them are what `compileTool()` made; found ones are called through `call_tool`, and meet the same gate. */
export interface Offer {
  readonly offered: readonly OfferedTool[];
  readonly found: readonly CompiledTool[];
}

/** Tokens that definitions may take together, at four characters each. With the instructions the fixed prompt stays under 2,000. */
export const TOOL_TOKENS = 1_000;

export const FIND_TOOLS = "find_tools";
export const CALL_TOOL = "call_tool";

const FindInput = z.object({ query: z.string().max(200) });
const CallInput = z.object({ name: z.string().max(100), input: z.record(z.string(), z.unknown()).default({}) });

const offers = new WeakMap<readonly CompiledTool[], Offer>();

/** The offer for a set of tools. The same set gives the same bytes, so that prompt caches hit. */
export function offerOf(tools: readonly CompiledTool[], limit: number = TOOL_TOKENS): Offer {
  const known = offers.get(tools);
  if (known && limit === TOOL_TOKENS) return known;
  const made = divide(tools, limit);
  if (limit === TOOL_TOKENS) offers.set(tools, made);
  return made;
}

function divide(tools: readonly CompiledTool[], limit: number): Offer {
  const size = tools.reduce((sum, tool) => sum + tokensOf(tool), 0);
  if (size <= limit) return { offered: tools, found: [] };
  // Rarely used ones are left out first; of the others the last.
  const order = [...tools.filter(({ rare }) => !rare), ...tools.filter(({ rare }) => rare)];
  let left = limit;
  const full = new Set<CompiledTool>();
  for (const tool of order) {
    const tokens = tokensOf(tool);
    if (tokens > left) continue;
    left -= tokens;
    full.add(tool);
  }
  const found = tools.filter((tool) => !full.has(tool));
  return { offered: [...tools.filter((tool) => full.has(tool)), findTools(found), CALL], found };
}

const tokensOf = ({ name, description, inputSchema }: OfferedTool): number =>
  Math.ceil((name.length + description.length + JSON.stringify(inputSchema).length) / 4);

/** Names are words that say what a tool is for: with them the model knows when to look. */
const findTools = (found: readonly CompiledTool[]): OfferedTool => ({
  name: FIND_TOOLS,
  description: `How to call more tools: ${found.map(({ name }) => name).join(", ")}`.slice(0, 600),
  inputSchema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
});

const CALL: OfferedTool = {
  name: CALL_TOOL,
  description: `Call a tool from ${FIND_TOOLS}`,
  inputSchema: { type: "object", properties: { name: { type: "string" }, input: { type: "object" } }, required: ["name", "input"] },
};

/** At most so many tools are described in one answer. */
const SHOWN = 6;

/** What `find_tools` answers: the tools that fit, with how they are called. Our own words; nothing happens. */
export function find({ found }: Offer, input: unknown): ToolOutcome {
  const parsed = FindInput.safeParse(input);
  if (!parsed.success) return plainOutcome("failed", { error: "Give `query`, a few words." }, "Looked for a tool");
  const words = parsed.data.query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const scored = found
    .map((tool) => ({ tool, score: scoreOf(tool, words) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, SHOWN);
  const tools = scored.map(({ tool: { name, description, inputSchema } }) => ({ name, description, input: inputSchema }));
  return plainOutcome(
    "done",
    tools.length > 0 ? { tools } : { tools: [], all: found.map(({ name }) => name) },
    tools.length === 1 ? "Found 1 tool" : `Found ${tools.length} tools`,
  );
}

function scoreOf(tool: CompiledTool, words: readonly string[]): number {
  const name = tool.name.toLowerCase().split("_");
  const text = tool.description.toLowerCase();
  return words.reduce((sum, word) => {
    if (name.some((part) => part === word || (word.length > 3 && (part.startsWith(word) || word.startsWith(part))))) return sum + 3;
    return text.includes(word) && word.length > 2 ? sum + 1 : sum;
  }, 0);
}

/** A call through `call_tool` is a call of the tool that it names: the gate, the record and the user see that one. */
export const calledTool = ({ tool, input }: { tool: string; input: unknown }): { tool: string; input: unknown } =>
  (tool === CALL_TOOL ? calledThrough(input) : null) ?? { tool, input };

/** What a call of `call_tool` means: the tool's own name and input. null: it does not say. */
export function calledThrough(input: unknown): { tool: string; input: unknown } | null {
  const parsed = CallInput.safeParse(input);
  return parsed.success ? { tool: parsed.data.name, input: parsed.data.input } : null;
}
