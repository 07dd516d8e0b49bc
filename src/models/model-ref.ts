import { z } from "zod";
import { MargayError } from "../errors.ts";
import { ProviderId, type ModelRef } from "./provider.ts";

/** The endpoint of a provider that needs no name. */
export const DEFAULT_ENDPOINT = "default";

/** A name for an OpenAI-compatible endpoint: lower case letters, digits and dashes, 1 to 40 characters. */
export const EndpointName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, "is not an endpoint name (lower case letters, digits and dashes)");

/** A model's own id: printable ASCII without space or comma (chains are written with commas), up to 200 characters. */
const ModelId = z.string().regex(/^[\x21-\x2b\x2d-\x7e]{1,200}$/, "is not a model id");

const NAMED: ReadonlySet<string> = new Set<ProviderId>(["openai-compatible"]);

/** Reads `provider/model` or `openai-compatible:name/model`; the model id may hold slashes and colons of its own. */
export const ModelRefText = z
  .string()
  .trim()
  .transform((text, context): ModelRef => {
    const refuse = (reason: string): never => {
      context.addIssue({ code: "custom", message: `"${text.slice(0, 80)}" ${reason}` });
      return z.NEVER;
    };
    const slash = text.indexOf("/");
    if (slash < 0) return refuse("is not a model: write it as provider/model, such as anthropic/claude-sonnet-5");
    const head = text.slice(0, slash);
    const colon = head.indexOf(":");
    const provider = ProviderId.safeParse(colon < 0 ? head : head.slice(0, colon));
    if (!provider.success) return refuse(`names an unknown provider; known are ${ProviderId.options.join(", ")}`);
    const endpoint = colon < 0 ? DEFAULT_ENDPOINT : head.slice(colon + 1);
    if (endpoint !== DEFAULT_ENDPOINT && !NAMED.has(provider.data)) return refuse("names an endpoint, which only openai-compatible has");
    if (!EndpointName.safeParse(endpoint).success) return refuse("has an endpoint name that is not lower case letters, digits and dashes");
    const model = ModelId.safeParse(text.slice(slash + 1));
    if (!model.success) return refuse("has no usable model id after the provider");
    return { provider: provider.data, endpoint, model: model.data };
  });

/** Reads one model; throws `invalid_request` with a sentence that says what is wrong. */
export function parseModelRef(text: string): ModelRef {
  const parsed = ModelRefText.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new MargayError("invalid_request", parsed.error.issues[0]?.message ?? "This is not a model.");
}

/** The one way a model is written; {@link parseModelRef} reads it back to the same. */
export function formatModelRef(ref: ModelRef): string {
  return `${formatEndpoint(ref)}/${ref.model}`;
}

/** The endpoint without the model: `anthropic`, `openai-compatible:groq`. */
export function formatEndpoint(ref: Pick<ModelRef, "provider" | "endpoint">): string {
  return ref.endpoint === DEFAULT_ENDPOINT ? ref.provider : `${ref.provider}:${ref.endpoint}`;
}

/** The longest chain that may be configured; a turn tries each at most once. */
export const MAX_CHAIN = 8;

/** Reads a comma-separated chain (the `MODEL_FAST` setting) or a list of models; throws `invalid_request`. Repeats are dropped. */
export function parseChain(chain: string | readonly string[]): ModelRef[] {
  const items = (typeof chain === "string" ? chain.split(",") : chain).map((item) => item.trim()).filter((item) => item !== "");
  if (items.length === 0) throw new MargayError("invalid_request", "A chain names at least one model.");
  const refs = new Map(
    items.map((item) => {
      const ref = parseModelRef(item);
      return [formatModelRef(ref), ref] as const;
    }),
  );
  if (refs.size > MAX_CHAIN) throw new MargayError("invalid_request", `A chain has at most ${MAX_CHAIN} models.`);
  return [...refs.values()];
}
