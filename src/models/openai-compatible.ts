import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { z } from "zod";
import { OPENAI_ROOT, hostOf, versionedRoot } from "./base-url.ts";
import { quirksOf } from "./compatible-quirks.ts";
import { HttpFailure, runConnectionTest } from "./connection-test.ts";
import { modelError } from "./failure-sentence.ts";
import { throughGateway } from "./gateway.ts";
import type { Provider, ProviderConnection } from "./provider.ts";

/** `GET /models` as OpenAI documents it; Ollama, Groq, Mistral and OpenRouter answer in the same shape. */
const ModelList = z.object({ data: z.array(z.object({ id: z.string().min(1).max(200) })).max(10_000) });

/**
 * Any endpoint that speaks OpenAI's Chat Completions: OpenAI itself, OpenRouter, Groq, Mistral, Ollama and others. The key is optional
 * because a server of one's own often has none.
 */
export const openaiCompatible: Provider = {
  id: "openai-compatible",
  needs: { apiKey: true, baseUrl: false },

  create(model, connection) {
    const baseURL = rootOf(connection);
    const provider = createOpenAICompatible({
      name: "openai-compatible",
      baseURL,
      fetch: connection.fetch,
      ...(connection.apiKey === undefined ? {} : { apiKey: connection.apiKey }),
      ...quirksOf(hostOf(baseURL)),
    });
    return throughGateway(provider(model), connection, baseURL);
  },

  test(connection, signal) {
    const baseURL = rootOf(connection);
    return runConnectionTest(hostOf(baseURL), signal, async () => {
      const headers = new Headers({ accept: "application/json" });
      if (connection.apiKey !== undefined) headers.set("authorization", `Bearer ${connection.apiKey}`);
      // Taken off the object first: the runtime's own fetch refuses to be called as a method of something else.
      const { fetch: send } = connection;
      const response = await send(`${baseURL}/models`, {
        headers,
        signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
      });
      const body = await response.text();
      if (!response.ok) throw new HttpFailure(response.status, response.headers, body);
      return { models: readModels(body), tokenCount: null };
    });
  },
};

function rootOf(connection: ProviderConnection): string {
  return versionedRoot(connection.baseUrl ?? OPENAI_ROOT);
}

/** Throws where the answer is not a list of models: the address is then not that of an OpenAI-compatible API. */
function readModels(body: string): string[] {
  const list = ModelList.safeParse(readJson(body));
  if (!list.success) throw modelError("malformed", "openai-compatible");
  return list.data.data.map((model) => model.id);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
