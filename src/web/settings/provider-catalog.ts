import type { ProviderId } from "../../models/provider.ts";

/** An endpoint that people commonly connect. `baseUrl` null: asked for, or not needed. */
export interface CatalogEntry {
  id: string;
  name: string;
  provider: ProviderId;
  endpoint: string;
  baseUrl: string | null;
  needsKey: boolean;
  /** How to get a key. */
  help: string;
  link: string | null;
}

/** What the page offers. Addresses are those of the providers' own API references. */
export const CATALOG: CatalogEntry[] = [
  {
    id: "anthropic",
    name: "Anthropic (Claude)",
    provider: "anthropic",
    endpoint: "default",
    baseUrl: null,
    needsKey: true,
    help: "Sign in to the Claude Console, open “API keys” and make one. It begins with sk-ant-.",
    link: "https://platform.claude.com/settings/keys",
  },
  {
    id: "openai",
    name: "OpenAI",
    provider: "openai-compatible",
    endpoint: "default",
    baseUrl: "https://api.openai.com/v1",
    needsKey: true,
    help: "Sign in to the OpenAI platform, open “API keys” and make one. It begins with sk-.",
    link: "https://platform.openai.com/api-keys",
  },
  {
    id: "openrouter",
    name: "OpenRouter",
    provider: "openai-compatible",
    endpoint: "openrouter",
    baseUrl: "https://openrouter.ai/api/v1",
    needsKey: true,
    help: "One key for the models of many makers. Sign in, open “Keys” and make one.",
    link: "https://openrouter.ai/settings/keys",
  },
  {
    id: "groq",
    name: "Groq",
    provider: "openai-compatible",
    endpoint: "groq",
    baseUrl: "https://api.groq.com/openai/v1",
    needsKey: true,
    help: "Open models, very fast, with a free allowance. Sign in to the Groq console and make a key.",
    link: "https://console.groq.com/keys",
  },
  {
    id: "mistral",
    name: "Mistral",
    provider: "openai-compatible",
    endpoint: "mistral",
    baseUrl: "https://api.mistral.ai/v1",
    needsKey: true,
    help: "Sign in to Mistral’s console, open “API keys” and make one.",
    link: "https://console.mistral.ai/api-keys",
  },
  {
    id: "ollama",
    name: "Ollama on this computer",
    provider: "openai-compatible",
    endpoint: "ollama",
    baseUrl: "http://localhost:11434/v1",
    needsKey: false,
    help: "Works when Margay runs on the same computer as Ollama. No key is needed.",
    link: "https://ollama.com/download",
  },
  {
    id: "other",
    name: "Another OpenAI-compatible address",
    provider: "openai-compatible",
    endpoint: "",
    baseUrl: null,
    needsKey: false,
    help: "Any server that speaks OpenAI’s Chat Completions. Give it a short name of your own.",
    link: null,
  },
];

/** A configured endpoint as a person knows it. */
export function endpointName(provider: string, endpoint: string): string {
  const known = CATALOG.find((entry) => entry.provider === provider && entry.endpoint === endpoint);
  if (known) return known.name;
  if (provider === "workers-ai") return "Workers AI";
  if (provider === "ai-gateway") return "AI Gateway";
  return endpoint === "default" ? provider : endpoint;
}

/** How a model of this endpoint is written in a chain. */
export const modelRef = (provider: string, endpoint: string, model: string): string =>
  endpoint === "default" ? `${provider}/${model}` : `${provider}:${endpoint}/${model}`;
