import type { LanguageModelV4, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { anthropic } from "../../src/models/anthropic.ts";
import { ModelError } from "../../src/models/model-error.ts";
import { openaiCompatible } from "../../src/models/openai-compatible.ts";
import type { ProviderConnection } from "../../src/models/provider.ts";
import { HELLO } from "./routing.ts";

const ENVIRONMENT = {
  ANTHROPIC_API_KEY: "owner-key",
  ANTHROPIC_AUTH_TOKEN: "owner-token",
  ANTHROPIC_BASE_URL: "https://owner.example.com",
  OPENAI_API_KEY: "owner-key",
  OPENAI_BASE_URL: "https://owner.example.com/v1",
};

/** A fetch that answers 418 and keeps what was asked. */
function listening(): { requests: { url: string; headers: Headers; body: string }[]; fetch: typeof fetch } {
  const requests: { url: string; headers: Headers; body: string }[] = [];
  return {
    requests,
    fetch: async (input, init) => {
      const request = new Request(input instanceof Request ? input.url : input, init);
      requests.push({ url: request.url, headers: request.headers, body: await request.text() });
      return new Response("{}", { status: 418, headers: { "content-type": "application/json" } });
    },
  };
}

/** Makes one call; that it fails is expected. */
async function attempt(model: LanguageModelV4, options: Partial<LanguageModelV4CallOptions> = {}): Promise<void> {
  await model.doStream({ prompt: HELLO, ...options }).then(null, () => null);
}

describe("drivers", () => {
  beforeEach(() => void Object.assign(process.env, ENVIRONMENT));
  afterEach(() => {
    for (const name of Object.keys(ENVIRONMENT)) delete process.env[name];
  });

  it("anthropic never takes the deployment's key or address from the environment", async () => {
    const seen = listening();
    expect(() => anthropic.create("claude-haiku-4-5", { fetch: seen.fetch })).toThrow(ModelError);
    await attempt(anthropic.create("claude-haiku-4-5", { apiKey: "user-key", fetch: seen.fetch }));
    const test = await anthropic.test({ apiKey: "user-key", fetch: seen.fetch }, new AbortController().signal);
    expect(test.ok).toBe(false);
    expect(await anthropic.test({ fetch: seen.fetch }, new AbortController().signal)).toMatchObject({ ok: false });
    expect(seen.requests.map(({ url }) => new URL(url).host)).toEqual(["api.anthropic.com", "api.anthropic.com"]);
    expect(JSON.stringify(seen.requests.map(({ headers }) => [...headers]))).not.toContain("owner-");
    expect(seen.requests[0]?.headers.get("x-api-key")).toBe("user-key");
  });

  it("openai-compatible never takes the deployment's key or address from the environment", async () => {
    const seen = listening();
    await attempt(openaiCompatible.create("m", { fetch: seen.fetch }));
    await openaiCompatible.test({ fetch: seen.fetch }, new AbortController().signal);
    expect(seen.requests.map(({ url }) => url)).toEqual(["https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1/models"]);
    expect(seen.requests.map(({ headers }) => headers.get("authorization"))).toEqual([null, null]);
  });

  it.each([
    ["https://host.example.com", "https://host.example.com/v1"],
    ["https://host.example.com/", "https://host.example.com/v1"],
    ["https://host.example.com/v1/", "https://host.example.com/v1"],
    ["https://host.example.com/openai/v1", "https://host.example.com/openai/v1"],
  ])("read the address %s as %s", async (baseUrl, root) => {
    const seen = listening();
    await attempt(anthropic.create("m", { apiKey: "k", baseUrl, fetch: seen.fetch }));
    await attempt(openaiCompatible.create("m", { apiKey: "k", baseUrl, fetch: seen.fetch }));
    expect(seen.requests.map(({ url }) => url)).toEqual([`${root}/messages`, `${root}/chat/completions`]);
  });

  it("openai-compatible names the limit of output tokens as OpenAI's newer models want it", async () => {
    const seen = listening();
    await attempt(openaiCompatible.create("gpt-6-sol", { apiKey: "k", fetch: seen.fetch }), { maxOutputTokens: 5 });
    expect(JSON.parse(seen.requests[0]?.body ?? "")).toMatchObject({ max_completion_tokens: 5, stream_options: { include_usage: true } });
  });

  it.each([
    ["anthropic", anthropic, "anthropic/v1/messages", "x-api-key", "k"],
    ["openai-compatible", openaiCompatible, "openai/", "authorization", "Bearer k"],
  ] as const)("%s goes through the account's gateway where there is one, with its own key", async (_, provider, path, header, value) => {
    const direct = listening();
    const gateway = listening();
    const ai: Ai = Object.assign(Object.create(null), { fetch: gateway.fetch, aiGatewayLogId: null });
    const connection: ProviderConnection = { apiKey: "k", ai, gateway: "my-gateway", fetch: direct.fetch };
    await attempt(provider.create("m", connection));
    expect(direct.requests).toEqual([]);
    expect(gateway.requests[0]?.url).toContain(`/gateways/my-gateway/${path}`);
    expect(gateway.requests[0]?.headers.get(header)).toBe(value);
  });

  it("go past the gateway to an address it does not know", async () => {
    const direct = listening();
    const gateway = listening();
    const ai: Ai = Object.assign(Object.create(null), { fetch: gateway.fetch, aiGatewayLogId: null });
    await attempt(
      openaiCompatible.create("m", { apiKey: "k", ai, gateway: "g", baseUrl: "https://ollama.example.com", fetch: direct.fetch }),
    );
    expect(gateway.requests).toEqual([]);
    expect(direct.requests).toHaveLength(1);
  });

  it("openai-compatible's test() says so when the address is not that of an API", async () => {
    const page: typeof fetch = () => Promise.resolve(new Response("<html>hello</html>"));
    expect(
      await openaiCompatible.test({ apiKey: "k", baseUrl: "https://example.com", fetch: page }, new AbortController().signal),
    ).toMatchObject({
      ok: false,
      message: expect.stringContaining("could not be read"),
    });
  });
});
