import { z } from "zod";
import type { ProviderInput, ProviderView } from "../agent/shapes.ts";
import { type ConnectionTest, ProviderId } from "../models/provider.ts";
import { RateLimit } from "./rate-limit.ts";
import { defineRoute, type Route } from "./route.ts";
import { withAgent } from "./with-agent.ts";

const Endpoint = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, "must be 1 to 32 lower-case letters, digits, - or _");
const ApiKey = z.string().regex(/^[\x21-\x7e]{1,500}$/, "must be 1 to 500 visible characters without spaces");
const BaseUrl = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && url.username === "" && url.password === "" && url.hash === "";
  }, "must not hold credentials or a fragment");

/** A model endpoint as HTTP shows it. The key itself is never sent back. */
export const ProviderEntry = z.object({
  provider: z.string(),
  endpoint: z.string(),
  /** `user`: your own key; `deployment`: the owner's; `none`: not configured. */
  source: z.enum(["user", "deployment", "none"]),
  base_url: z.string().nullable(),
  last_four: z.string().nullable(),
  /** ISO 8601. */
  updated_at: z.string().nullable(),
});
export type ProviderEntry = z.infer<typeof ProviderEntry>;

/** The answer of *test connection*. */
export const ConnectionReport = z.object({
  ok: z.boolean(),
  /** A sentence a person can act on. */
  message: z.string(),
  models: z.array(z.string()),
  token_count: z.number().int().nullable(),
  latency_ms: z.number(),
});

const entry = (view: ProviderView): ProviderEntry => ({
  provider: view.provider,
  endpoint: view.endpoint,
  source: view.source,
  base_url: view.baseUrl,
  last_four: view.lastFour,
  updated_at: view.updatedAt === null ? null : new Date(view.updatedAt).toISOString(),
});

const report = ({ ok, message, models, tokenCount, latencyMs }: ConnectionTest): z.infer<typeof ConnectionReport> => ({
  ok,
  message,
  models,
  token_count: tokenCount,
  latency_ms: latencyMs,
});

const input = (
  provider: ProviderId,
  endpoint: string,
  body: { api_key?: string | undefined; base_url?: string | undefined },
): ProviderInput => ({
  provider,
  endpoint,
  apiKey: body.api_key,
  baseUrl: body.base_url,
});

const params = z.object({ provider: ProviderId, endpoint: Endpoint });
const tests = new RateLimit(10, 60_000);

export const modelsRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/models/providers",
    who: "user",
    tag: "Models",
    summary: "Which model providers are configured",
    responses: {
      200: { description: "Keys are shown as their last four characters.", schema: z.object({ providers: z.array(ProviderEntry) }) },
    },
    handle: async (context) => ({ providers: (await withAgent(context, (agent, caller) => agent.providers(caller))).map(entry) }),
  }),
  defineRoute({
    method: "PUT",
    path: "/api/v1/models/providers/{provider}/{endpoint}",
    who: "user",
    tag: "Models",
    summary: "Set your own key or address for a provider",
    params,
    body: z
      .object({ api_key: ApiKey, base_url: BaseUrl })
      .partial()
      .refine((body) => body.api_key !== undefined || body.base_url !== undefined, "needs api_key or base_url"),
    responses: { 200: { description: "The endpoint as it is now. The key is kept encrypted and never sent back.", schema: ProviderEntry } },
    handle: async (context) => {
      const { provider, endpoint } = context.params;
      return entry(await withAgent(context, (agent, caller) => agent.putProvider(caller, input(provider, endpoint, context.body))));
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/models/providers/{provider}/{endpoint}",
    who: "user",
    tag: "Models",
    summary: "Forget your own key and address for a provider",
    params,
    responses: { 204: { description: "Forgotten, or never there." } },
    handle: (context) =>
      withAgent(context, (agent, caller) => agent.deleteProvider(caller, context.params.provider, context.params.endpoint)),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/models/test",
    who: "user",
    tag: "Models",
    summary: "Try a connection to a provider; at most 10 times a minute",
    body: z.object({
      provider: ProviderId,
      endpoint: Endpoint.default("default"),
      api_key: ApiKey.optional(),
      base_url: BaseUrl.optional(),
    }),
    responses: {
      200: { description: "`ok` says whether it works. Without `api_key` the stored one is used.", schema: ConnectionReport },
      429: { description: "Too many tries." },
    },
    async handle(context) {
      tests.take(context.principal.userId, Date.now());
      const { provider, endpoint } = context.body;
      return report(await withAgent(context, (agent, caller) => agent.testProvider(caller, input(provider, endpoint, context.body))));
    },
  }),
];
