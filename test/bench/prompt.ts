import { countTokens } from "gpt-tokenizer";
import { z } from "zod";
import { modelScript } from "../support/model-script.ts";
import { deployment, type Bundle } from "./deployment.ts";
import type { Row } from "./table.ts";

const Request = z.looseObject({ system: z.unknown().optional(), tools: z.array(z.unknown()).optional(), messages: z.array(z.unknown()) });

const tokens = (value: unknown): number =>
  value === undefined ? 0 : countTokens(typeof value === "string" ? value : JSON.stringify(value));

/** Tokens of the fixed prompt: what the model server receives on the first "hello" of a new user, counted with a public tokenizer. */
export async function benchPrompt(bundle: Bundle): Promise<Row[]> {
  const margay = await deployment(bundle);
  try {
    const script = modelScript(margay.models.url, margay.modelKey);
    await script.set([], { text: "Hi." });
    await fetch(`${margay.origin}/api/v1/chat`, {
      method: "POST",
      headers: { authorization: `Bearer ${margay.owner.key}`, "content-type": "application/json" },
      body: JSON.stringify({ message: "hello" }),
    }).then((response) => response.arrayBuffer());
    const [received] = await script.requests();
    const request = Request.parse(received?.body);
    const system = tokens(request.system);
    const tools = tokens(request.tools);
    return [
      { name: "fixed prompt: system", value: `${system} tokens` },
      { name: `fixed prompt: ${request.tools?.length ?? 0} tools`, value: `${tools} tokens` },
      { name: "fixed prompt, together", value: `${system + tools} tokens`, goal: "≤ 2,000" },
      { name: 'all of a first "hello"', value: `${system + tools + tokens(request.messages)} tokens` },
    ];
  } finally {
    await margay.close();
  }
}
