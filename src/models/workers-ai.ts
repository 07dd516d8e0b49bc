import { createWorkersAI } from "workers-ai-provider";
import { runConnectionTest } from "./connection-test.ts";
import { modelError } from "./failure-sentence.ts";
import type { Provider, ProviderConnection } from "./provider.ts";

/** Small and cheap; one answer of a few tokens shows that the binding works. */
const TEST_MODEL = "@cf/zai-org/glm-4.7-flash";

/** Models that run on Cloudflare, by the `AI` binding. No key: they are billed to the account. */
export const workersAi: Provider = {
  id: "workers-ai",
  needs: { apiKey: false, baseUrl: false },

  create(model, connection) {
    const gateway = connection.gateway === undefined ? {} : { gateway: { id: connection.gateway } };
    return createWorkersAI({ binding: bindingOf(connection), ...gateway })(model);
  },

  test(connection, signal) {
    return runConnectionTest("workers-ai", signal, async () => {
      await workersAi.create(TEST_MODEL, connection).doGenerate({
        prompt: [{ role: "user", content: [{ type: "text", text: "Say ok." }] }],
        maxOutputTokens: 16,
        abortSignal: signal,
      });
      return { models: [], tokenCount: null };
    });
  },
};

function bindingOf(connection: ProviderConnection): Ai {
  if (connection.ai === undefined) throw modelError("not_configured", "workers-ai");
  return connection.ai;
}
