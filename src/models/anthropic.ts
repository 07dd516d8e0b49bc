import { createAnthropic } from "@ai-sdk/anthropic";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import { ANTHROPIC_ROOT, versionedRoot } from "./base-url.ts";
import { runConnectionTest } from "./connection-test.ts";
import { modelError } from "./failure-sentence.ts";
import { throughGateway } from "./gateway.ts";
import { withCacheBreakpoints } from "./prompt-cache.ts";
import type { Provider, ProviderConnection } from "./provider.ts";

/** Claude, by the Anthropic Messages API. */
export const anthropic: Provider = {
  id: "anthropic",
  needs: { apiKey: true, baseUrl: false },

  create(model, connection) {
    const baseURL = versionedRoot(connection.baseUrl ?? ANTHROPIC_ROOT);
    // Key and address are always given: left out, the SDK would take the deployment's from the environment for a user's call.
    const native = createAnthropic({ apiKey: keyOf(connection), baseURL, fetch: connection.fetch })(model);
    const routed = throughGateway(native, connection, baseURL);
    return {
      specificationVersion: "v4",
      provider: routed.provider,
      modelId: routed.modelId,
      supportedUrls: routed.supportedUrls,
      doGenerate: (options) => routed.doGenerate(withCacheBreakpoints(options)),
      doStream: (options) => routed.doStream(withCacheBreakpoints(options)),
    } satisfies LanguageModelV4;
  },

  test(connection, signal) {
    return runConnectionTest("anthropic", signal, async () => {
      const apiKey = keyOf(connection);
      // Only a person who presses the button pays for loading it.
      const { default: Anthropic } = await import("@anthropic-ai/sdk");
      const client = new Anthropic({
        apiKey,
        authToken: null,
        baseURL: versionedRoot(connection.baseUrl ?? ANTHROPIC_ROOT).replace(/\/v1$/, ""),
        fetch: connection.fetch,
        maxRetries: 0,
        timeout: 30_000,
        logLevel: "off",
      });
      const page = await client.models.list({ limit: 200 }, { signal });
      const models = page.data.map((model) => model.id);
      const first = models[0];
      if (first === undefined) return { models, tokenCount: null };
      const counted = await client.messages.countTokens(
        { model: first, messages: [{ role: "user", content: "How many tokens is this?" }] },
        { signal },
      );
      return { models, tokenCount: counted.input_tokens };
    });
  },
};

function keyOf(connection: ProviderConnection): string {
  if (connection.apiKey === undefined || connection.apiKey === "") throw modelError("not_configured", "anthropic");
  return connection.apiKey;
}
