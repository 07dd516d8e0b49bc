import { z } from "zod";
import type { UserAgent } from "../durable-objects/user-agent.ts";
import type { Executor } from "../durable-objects/executor.ts";
import type { Keyring } from "../durable-objects/keyring.ts";
import type { SandboxContainer } from "../durable-objects/sandbox-container.ts";
import { EMBEDDERS } from "./memory/embedder-names.ts";
import type { UsageMessage } from "./usage-message.ts";

/** Bindings and settings as `wrangler.toml` and secrets give them. Only D1, R2, the objects and the page are always there. */
export interface Env {
  DB: D1Database;
  FILES: R2Bucket;
  USER_AGENT: DurableObjectNamespace<UserAgent>;
  EXECUTOR: DurableObjectNamespace<Executor>;
  KEYRING: DurableObjectNamespace<Keyring>;
  ASSETS?: Fetcher;
  /** Makes Dynamic Workers. */
  LOADER?: WorkerLoader;
  /** Browser Rendering; on this machine, a Chromium of it. */
  BROWSER?: Fetcher;
  USAGE?: Queue<UsageMessage>;
  VECTORS?: VectorizeIndex;
  AI?: Ai;
  /** Sends mail; only where the owner added it, see docs/email.md. */
  EMAIL?: SendEmail;

  /** Root of every derived key, 32 bytes or more of text. Unset: the Keyring object keeps one of its own making. */
  MASTER_KEY?: string;
  /** The root before the last rotation, while stored secrets still need it. */
  MASTER_KEY_PREVIOUS?: string;
  /** One-time code that lets the owner make the first account. Unset: one is made and printed once to the log. */
  SETUP_CODE?: string;
  /** Address under which people reach this Margay, when it differs from the request's own (`https://margay.example.com`). */
  PUBLIC_URL?: string;

  /** The domain whose mail comes to this Worker (`margay.example.com`): people's Margay addresses are there. Unset: the e-mail channel is off. */
  EMAIL_DOMAIN?: string;

  /** What each person's files may take, megabytes; default 1,000. */
  FILES_QUOTA_MB?: string;

  /** A Linux for each task, one container each; only where the owner added it, see docs/linux.md. */
  SANDBOX?: DurableObjectNamespace<SandboxContainer>;
  /** Where code runs on this machine (`http://127.0.0.1:…`), and what proves to it who asks; `npm start` sets both. `off`: nowhere, not in Dynamic Workers either. */
  SANDBOX_URL?: string;
  SANDBOX_TOKEN?: string;
  /** Where the BROWSER binding is one of this machine: whether there is a Chromium for it (`chromium`, `missing`). `npm start` sets it. */
  BROWSER_LOCAL?: string;
  /** Address and token of a sandbox server in the place of containers: `npm start` sets them where bubblewrap is. */
  LINUX_SANDBOX_URL?: string;
  LINUX_SANDBOX_TOKEN?: string;

  /** The shared Telegram bot. */
  TELEGRAM_BOT_TOKEN?: string;
  /** Bot API root; only tests and a self-hosted Bot API server change it. */
  TELEGRAM_API_ROOT?: string;

  /** What searches the web for people without a key of their own: `brave`, `exa`, `searxng` or `cloudflare` (Cloudflare's Web Search API, paid by this account). Unset: what is set up below. */
  WEB_SEARCH?: string;
  /** Searches a day and user that the owner pays for; default 100, 0: none, up to 10,000. */
  WEB_SEARCH_DAILY?: string;
  BRAVE_API_KEY?: string;
  EXA_API_KEY?: string;
  /** A SearXNG that gives JSON (`https://search.example.com`). */
  SEARXNG_URL?: string;
  /** Roots of the two APIs; only tests and proxies change them. */
  BRAVE_API_ROOT?: string;
  EXA_API_ROOT?: string;

  ANTHROPIC_API_KEY?: string;
  ANTHROPIC_BASE_URL?: string;
  /** Key and root of an OpenAI-compatible endpoint (OpenAI, OpenRouter, Groq, Mistral, Ollama …). */
  OPENAI_API_KEY?: string;
  OPENAI_BASE_URL?: string;
  /** Name of an AI Gateway in this account: model calls go through it. */
  AI_GATEWAY?: string;
  /** Comma-separated chains, `provider/model, provider/model`; unset: chosen by which keys are set. */
  MODEL_FAST?: string;
  MODEL_SMART?: string;
  MODEL_VISION?: string;
  /** What makes vectors of memory and documents: `workers-ai` (where the binding is, the default), `openai-compatible` or `local`. Another one is taken over to in the background. */
  EMBEDDINGS?: string;
  /** The model at the OpenAI-compatible endpoint; default `text-embedding-3-small`. */
  EMBEDDING_MODEL?: string;
}

const chain = z.string().max(2000).optional();

/** Settings (not bindings), parsed once an isolate; a wrong one is reported by name, without its value. */
export const Settings = z.object({
  MASTER_KEY: z.string().min(32, "must have at least 32 characters").max(4096).optional(),
  MASTER_KEY_PREVIOUS: z.string().min(32, "must have at least 32 characters").max(4096).optional(),
  SETUP_CODE: z.string().min(8, "must have at least 8 characters").max(200).optional(),
  PUBLIC_URL: z.url().optional(),
  EMAIL_DOMAIN: z
    .string()
    .trim()
    .toLowerCase()
    .max(200)
    .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/, "is not a domain (margay.example.com)")
    .optional(),
  FILES_QUOTA_MB: z.coerce.number().int().min(1).max(1_000_000).optional(),
  SANDBOX_URL: z.union([z.literal("off"), z.url({ protocol: /^https?$/ })]).optional(),
  SANDBOX_TOKEN: z.string().min(24, "must have at least 24 characters").max(500).optional(),
  BROWSER_LOCAL: z.enum(["chromium", "missing"]).optional(),
  LINUX_SANDBOX_URL: z.url().optional(),
  LINUX_SANDBOX_TOKEN: z.string().min(24, "must have at least 24 characters").max(500).optional(),
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]{20,}$/, "is not a bot token (123456:ABC…)")
    .optional(),
  TELEGRAM_API_ROOT: z.url().optional(),
  WEB_SEARCH: z.enum(["brave", "exa", "searxng", "cloudflare"]).optional(),
  WEB_SEARCH_DAILY: z.coerce.number().int().min(0).max(10_000).optional(),
  BRAVE_API_KEY: z.string().min(1).max(500).optional(),
  EXA_API_KEY: z.string().min(1).max(500).optional(),
  SEARXNG_URL: z.url().optional(),
  BRAVE_API_ROOT: z.url().optional(),
  EXA_API_ROOT: z.url().optional(),
  ANTHROPIC_API_KEY: z.string().min(1).max(500).optional(),
  ANTHROPIC_BASE_URL: z.url().optional(),
  OPENAI_API_KEY: z.string().min(1).max(500).optional(),
  OPENAI_BASE_URL: z.url().optional(),
  AI_GATEWAY: z.string().min(1).max(100).optional(),
  MODEL_FAST: chain,
  MODEL_SMART: chain,
  MODEL_VISION: chain,
  EMBEDDINGS: z.enum(EMBEDDERS).optional(),
  EMBEDDING_MODEL: z.string().min(1).max(200).optional(),
});
export type Settings = z.infer<typeof Settings>;

const parsed = new WeakMap<object, { settings: Settings; problems: string[] }>();

/**
 * The parsed settings of this deployment. A setting that does not parse counts as absent and is named in `problems`
 * ("SETUP_CODE must have at least 8 characters"): absence denies, and one wrong setting does not stop the others.
 */
export function settingsOf(env: Env): { settings: Settings; problems: string[] } {
  const known = parsed.get(env);
  if (known) return known;
  const settings: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, schema] of Object.entries(Settings.shape)) {
    const value: unknown = Reflect.get(env, name);
    if (value === undefined || value === "") continue;
    const result = schema.safeParse(value);
    if (result.success) settings[name] = result.data;
    else problems.push(`${name} ${result.error.issues[0]?.message ?? "is not valid"}`);
  }
  const outcome = { settings: Settings.parse(settings), problems };
  parsed.set(env, outcome);
  return outcome;
}
