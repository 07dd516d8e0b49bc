import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MargayError } from "../../src/errors.ts";
import { formatModelRef, parseChain, parseModelRef } from "../../src/models/model-ref.ts";
import { ProviderId, type ModelRef } from "../../src/models/provider.ts";

const modelId = fc.stringMatching(/^[\x21-\x2b\x2d-\x7e]{1,60}$/);
const endpoint = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/);
const ref: fc.Arbitrary<ModelRef> = fc.oneof(
  fc.record({ provider: fc.constantFrom(...ProviderId.options), endpoint: fc.constant("default"), model: modelId }),
  fc.record({ provider: fc.constant("openai-compatible" as const), endpoint, model: modelId }),
);

describe("parseModelRef()", () => {
  it("reads the documented forms, with slashes and colons in the model id", () => {
    expect(parseModelRef("anthropic/claude-sonnet-5")).toEqual({ provider: "anthropic", endpoint: "default", model: "claude-sonnet-5" });
    expect(parseModelRef(" openai-compatible:groq/openai/gpt-oss-20b ")).toEqual({
      provider: "openai-compatible",
      endpoint: "groq",
      model: "openai/gpt-oss-20b",
    });
    expect(parseModelRef("workers-ai/@cf/meta/llama-4-scout").model).toBe("@cf/meta/llama-4-scout");
    expect(parseModelRef("openai-compatible/qwen:7b").model).toBe("qwen:7b");
    expect(parseModelRef("openai-compatible:default/x").endpoint).toBe("default");
  });

  it.each([
    ["", "is not a model"],
    ["claude-sonnet-5", "is not a model"],
    ["claude/opus", "names an unknown provider"],
    ["__proto__/x", "names an unknown provider"],
    ["anthropic:mine/claude", "only openai-compatible has"],
    ["openai-compatible:Groq/x", "endpoint name"],
    ["openai-compatible:-a/x", "endpoint name"],
    ["openai-compatible:/x", "endpoint name"],
    ["anthropic/", "no usable model id"],
    ["anthropic/a b", "no usable model id"],
    ["anthropic/a,b", "no usable model id"],
    [`anthropic/${"x".repeat(201)}`, "no usable model id"],
    ["anthropic/ümlaut", "no usable model id"],
  ])("refuses %j and says why", (text, reason) => {
    expect(() => parseModelRef(text)).toThrow(reason);
    expect(() => parseModelRef(text)).toThrow(MargayError);
  });

  it("reads back what formatModelRef() writes", () => {
    fc.assert(
      fc.property(ref, (value) => {
        expect(parseModelRef(formatModelRef(value))).toEqual(value);
      }),
    );
  });

  it("either reads a text to a ref that is written the same, or refuses it: it never throws anything else", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: "grapheme" }),
          fc.tuple(fc.constantFrom("anthropic", "openai-compatible:", "a:b"), fc.string()).map(([a, b]) => `${a}/${b}`),
        ),
        (text) => {
          let parsed: ModelRef;
          try {
            parsed = parseModelRef(text);
          } catch (error) {
            expect(error).toBeInstanceOf(MargayError);
            return;
          }
          expect(parseModelRef(formatModelRef(parsed))).toEqual(parsed);
        },
      ),
    );
  });
});

describe("parseChain()", () => {
  it("reads a comma-separated list and drops repeats and empty places", () => {
    expect(parseChain("anthropic/a, ,openai-compatible:groq/b,anthropic/a,").map((item) => formatModelRef(item))).toEqual([
      "anthropic/a",
      "openai-compatible:groq/b",
    ]);
  });
  it("reads back what was written, in order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(ref, { minLength: 1, maxLength: 8, selector: formatModelRef }), (refs) => {
        expect(parseChain(refs.map((item) => formatModelRef(item)).join(", "))).toEqual(refs);
        expect(parseChain(refs.map((item) => formatModelRef(item)))).toEqual(refs);
      }),
    );
  });
  it.each(["", " , ", "anthropic/a, nonsense", Array.from({ length: 9 }, (_, index) => `anthropic/m${index}`).join(",")])(
    "refuses %j",
    (text) => {
      expect(() => parseChain(text)).toThrow(MargayError);
    },
  );
});
