import { runConnectionTest } from "./connection-test.ts";
import { modelError } from "./failure-sentence.ts";
import { gatewayModel } from "./gateway.ts";
import type { Provider, ProviderConnection } from "./provider.ts";

/** The cheapest model of the catalog that follows instructions; one answer of a few tokens shows that the gateway works. */
const TEST_MODEL = "@cf/zai-org/glm-4.7-flash";

/** Any model of the AI Gateway catalog, billed to the account or to a key kept on the gateway. No key of ours. */
export const aiGateway: Provider = {
  id: "ai-gateway",
  needs: { apiKey: false, baseUrl: false },

  create(model, connection) {
    return gatewayModel(model, bindingOf(connection), connection.gateway);
  },

  test(connection, signal) {
    return runConnectionTest("ai-gateway", signal, async () => {
      await gatewayModel(TEST_MODEL, bindingOf(connection), connection.gateway).doGenerate({
        prompt: [{ role: "user", content: [{ type: "text", text: "Say ok." }] }],
        maxOutputTokens: 16,
        abortSignal: signal,
      });
      return { models: [], tokenCount: null };
    });
  },
};

function bindingOf(connection: ProviderConnection): Ai {
  if (connection.ai === undefined) throw modelError("not_configured", "ai-gateway");
  return connection.ai;
}
