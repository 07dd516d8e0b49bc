import fc from "fast-check";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { fitVector, VECTOR_DIMS } from "../../src/memory/embedder.ts";
import { localEmbedder } from "../../src/memory/embedders/local.ts";
import { openAiCompatibleEmbedder } from "../../src/memory/embedders/openai-compatible.ts";
import { chooseEmbedder } from "../../src/memory/embedders/registry.ts";
import { workersAiEmbedder } from "../../src/memory/embedders/workers-ai.ts";
import { anyText } from "../support/any-text.ts";

const length = (vector: Float32Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
const cosine = (a?: Float32Array, b?: Float32Array): number =>
  a && b ? a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0) : Number.NaN;

describe("localEmbedder", () => {
  test("puts what means alike nearer than what does not", async () => {
    const [question, alike, unlike] = await localEmbedder.embed(
      ["Who is her husband?", "His wife is called Ada.", "The invoice is overdue."],
      "query",
    );
    expect(cosine(question, alike)).toBeGreaterThan(cosine(question, unlike) + 0.1);
  });

  test("is deterministic, and gives a unit vector or nothing for any text", async () => {
    await fc.assert(
      fc.asyncProperty(anyText(100), async (text) => {
        const [one, same] = await localEmbedder.embed([text, text], "document");
        const size = length(one ?? new Float32Array());
        expect([0, 1].some((wanted) => Math.abs(size - wanted) < 1e-3)).toBe(true);
        expect(one?.length === VECTOR_DIMS && cosine(one, same) > size - 1e-3).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

test("fitVector() cuts, pads and brings to length 1", () => {
  expect(length(fitVector(Array.from({ length: 1_536 }, () => 0.5)))).toBeCloseTo(1);
  expect([...fitVector([3, 4])].slice(0, 3)).toEqual([expect.closeTo(0.6), expect.closeTo(0.8), 0]);
  expect(length(fitVector([0, 0]))).toBe(0);
  expect(length(fitVector([Number.NaN, 1]))).toBe(1);
});

describe("workersAiEmbedder()", () => {
  test("asks bge-m3 for a batch, and never with an empty text", async () => {
    const asked: unknown[] = [];
    const embedder = workersAiEmbedder({
      run: (model, input) => {
        asked.push(model, input);
        return Promise.resolve({ shape: [2, 1024], data: [0.1, -0.1].map((value) => Array.from({ length: 1024 }, () => value)) });
      },
    });
    const vectors = await embedder.embed(["a", ""], "document");
    expect(asked).toEqual(["@cf/baai/bge-m3", { text: ["a", " . "] }]);
    expect(vectors.map(length)).toEqual([expect.closeTo(1), expect.closeTo(1)]);
  });

  test("rejects an answer of another shape, one with too few vectors, and one that does not come", async () => {
    const answering = (answer: unknown) => workersAiEmbedder({ run: () => Promise.resolve(answer) }).embed(["a", "b"], "query");
    await expect(answering({ data: [[0.1]] })).rejects.toThrow("1 vectors for 2 texts");
    await expect(answering({ response: "no" })).rejects.toThrow();
    await expect(workersAiEmbedder({ run: () => new Promise(() => {}) }, { timeoutMs: 5 }).embed(["a"], "query")).rejects.toThrow(
      "too long",
    );
  });
});

describe("openAiCompatibleEmbedder()", () => {
  /** A server on loopback that answers with what `answer` makes of the request's body. */
  async function withServer(
    answer: (body: Record<string, unknown>) => { status: number; body: unknown },
    use: (baseUrl: string, bodies: Record<string, unknown>[]) => Promise<void>,
  ) {
    const bodies: Record<string, unknown>[] = [];
    const server = createServer((request, response) => {
      let text = "";
      request.on("data", (part: Buffer) => (text += part.toString()));
      request.on("end", () => {
        const body: Record<string, unknown> = { ...JSON.parse(text), path: request.url, key: request.headers.authorization };
        bodies.push(body);
        const { status, body: answered } = answer(body);
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answered));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await use(`http://127.0.0.1:${port}/v1/`, bodies);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }

  test("asks for 1,024 dimensions and puts answers in the order of the texts", async () => {
    const answer = () => ({
      status: 200,
      body: {
        data: [
          { index: 1, embedding: [0, 1] },
          { index: 0, embedding: [1, 0] },
        ],
      },
    });
    await withServer(answer, async (baseUrl, bodies) => {
      const vectors = await openAiCompatibleEmbedder({ baseUrl, model: "m", apiKey: "sk-1", fetch }).embed(["a", ""], "document");
      expect(bodies).toEqual([
        { model: "m", input: ["a", "."], encoding_format: "float", dimensions: 1024, path: "/v1/embeddings", key: "Bearer sk-1" },
      ]);
      expect(vectors.map((vector) => [vector[0], vector[1]])).toEqual([
        [1, 0],
        [0, 1],
      ]);
    });
  });

  test("asks again without dimensions where a server does not know them, and from then on", async () => {
    const answer = (body: Record<string, unknown>) =>
      "dimensions" in body ? { status: 400, body: { error: "unknown" } } : { status: 200, body: { data: [{ embedding: [2, 0] }] } };
    await withServer(answer, async (baseUrl, bodies) => {
      const embedder = openAiCompatibleEmbedder({ baseUrl, model: "m", fetch });
      expect(length((await embedder.embed(["a"], "query"))[0] ?? new Float32Array())).toBe(1);
      await embedder.embed(["b"], "query");
      expect(bodies.map((body) => "dimensions" in body)).toEqual([true, false, false]);
    });
  });

  test.each([
    [500, {}],
    [200, { data: [] }],
    [200, { data: [{ embedding: ["x"] }] }],
  ])("rejects %i %j", async (status, body) => {
    await withServer(
      () => ({ status, body }),
      async (baseUrl) => {
        await expect(openAiCompatibleEmbedder({ baseUrl, model: "m", fetch }).embed(["a"], "query")).rejects.toThrow();
      },
    );
  });
});

test("chooseEmbedder() takes the local one where what the other needs is not there", () => {
  expect(chooseEmbedder("workers-ai", {}).id).toBe("local-1");
  expect(chooseEmbedder("openai-compatible", {}).id).toBe("local-1");
  expect(chooseEmbedder("workers-ai", { ai: { run: () => Promise.resolve({}) } }).id).toBe("workers-ai/bge-m3");
});
