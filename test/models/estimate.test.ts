import fc from "fast-check";
import { countTokens as gptTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { estimateInput, utf8Length } from "../../src/models/estimate.ts";

const estimate = (text: string): ReturnType<typeof estimateInput> =>
  estimateInput({ prompt: [{ role: "user", content: [{ type: "text", text }] }] });

describe("utf8Length()", () => {
  it("counts like an encoder, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });
});

describe("estimateInput()", () => {
  it.each(
    [
      "The quick brown fox jumps over the lazy dog. ".repeat(40),
      "const x = { a: [1, 2, 3], b: 'text' };\n".repeat(40),
      '{"id":"01JD","n":1234567890,"ok":true},'.repeat(40),
      "Übung macht den Meister, natürlich größtenteils. ".repeat(40),
      "東京は日本の首都であり、世界最大の都市の一つです。".repeat(40),
      "Москва — столица России и крупнейший город. ".repeat(40),
      "👩‍👩‍👧‍👦🎉🚀".repeat(100),
      Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7919 + (index % 13) * 104_729) % 256)).toString("base64"),
    ].map((text) => [text.slice(0, 30), text] as const),
  )("is never below what a tokenizer counts: %s", (_, text) => {
    expect(estimate(text).worst).toBeGreaterThanOrEqual(gptTokens(text));
  });

  it("counts tools and files too", () => {
    const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "x" }] }];
    const inputSchema = { type: "object" as const, properties: { title: { type: "string" as const, description: "x".repeat(1000) } } };
    const bare = estimateInput({ prompt }).worst;
    expect(estimateInput({ prompt, tools: [{ type: "function", name: "t", inputSchema }] }).worst).toBeGreaterThan(bare + 500);
    const file = { type: "file" as const, mediaType: "image/png", data: { type: "data" as const, data: new Uint8Array(5_000_000) } };
    const withFile = estimateInput({ prompt: [{ role: "user", content: [file] }] }).worst;
    expect(withFile).toBeGreaterThan(2500);
    expect(withFile).toBeLessThan(5000);
  });
});
