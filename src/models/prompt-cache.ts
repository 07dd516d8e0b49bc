import type { LanguageModelV4CallOptions, LanguageModelV4Message } from "@ai-sdk/provider";

const BREAKPOINT = { anthropic: { cacheControl: { type: "ephemeral" } } } as const;

/**
 * Marks what Anthropic may keep in its prompt cache (docs.anthropic.com, "Prompt caching": at most four marks, each caches everything
 * before it, tools first, then system, then messages):
 *
 * 1. the last leading system message, so tools and system prompt together; without one, the last tool;
 * 2. the message before the last user message: the turns that will not change any more. The last user message itself carries recalled
 *    memory, which is gone from it in the next turn;
 * 3. the last message when it holds tool results: the next step of the same turn sends all of it again.
 */
export function withCacheBreakpoints(options: LanguageModelV4CallOptions): LanguageModelV4CallOptions {
  const marked = new Set<number>();
  const leading = options.prompt.findIndex((message) => message.role !== "system");
  const systemEnd = (leading < 0 ? options.prompt.length : leading) - 1;
  if (systemEnd >= 0) marked.add(systemEnd);
  const lastUser = options.prompt.findLastIndex((message) => message.role === "user");
  if (lastUser > 0) marked.add(lastUser - 1);
  if (options.prompt.at(-1)?.role === "tool") marked.add(options.prompt.length - 1);

  const prompt = options.prompt.map((message, index) => (marked.has(index) ? markMessage(message) : message));
  if (systemEnd >= 0 || options.tools === undefined) return { ...options, prompt };
  const lastTool = options.tools.length - 1;
  const tools = options.tools.map((tool, index) =>
    index === lastTool && tool.type === "function" ? { ...tool, providerOptions: { ...tool.providerOptions, ...BREAKPOINT } } : tool,
  );
  return { ...options, prompt, tools };
}

function markMessage(message: LanguageModelV4Message): LanguageModelV4Message {
  return {
    ...message,
    providerOptions: { ...message.providerOptions, anthropic: { ...message.providerOptions?.["anthropic"], ...BREAKPOINT.anthropic } },
  };
}
