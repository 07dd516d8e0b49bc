import { setTimeout as sleep } from "node:timers/promises";
import { modelScript } from "../support/model-script.ts";
import { deployment, type Bundle, type Deployment } from "./deployment.ts";
import { ms, percentile, type Row } from "./table.ts";

const RUNS = 60;
/** The model is silent for so long and then streams at once, so that what is above it is Margay's. */
const MODEL_DELAY_MS = 100;

/** Milliseconds from the request to the first `text` event of a streamed answer. */
async function firstText(of: Deployment, message: string): Promise<number> {
  const start = performance.now();
  const response = await fetch(`${of.origin}/api/v1/chat`, {
    method: "POST",
    headers: { authorization: `Bearer ${of.owner.key}`, "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ message }),
  });
  if (!response.ok || !response.body) throw new Error(`the stream answered ${response.status}`);
  let seen = "";
  let first: number | null = null;
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    seen += decoder.decode(chunk, { stream: true });
    if (first === null && seen.includes("event: text")) first = performance.now() - start;
  }
  if (first === null) throw new Error(`no text in the stream:\n${seen}`);
  return first;
}

/** How late the first byte of text leaves, beyond the silence of the model: sign-in, intake and prompt before the call, and the way back after its first byte. */
export async function benchFirstByte(bundle: Bundle): Promise<Row[]> {
  const margay = await deployment(bundle);
  try {
    const script = modelScript(margay.models.url, margay.modelKey);
    await script.set([], { text: "A few words that arrive one after the other.", delayMs: MODEL_DELAY_MS });
    for (let index = 0; index < 10; index++) await firstText(margay, `warm up ${index}`);
    const times: number[] = [];
    for (let index = 0; index < RUNS; index++) times.push((await firstText(margay, `Message ${index}`)) - MODEL_DELAY_MS);
    // Timers are late by their own amount, which is not Margay's either.
    const late: number[] = [];
    for (let index = 0; index < RUNS; index++) {
      const start = performance.now();
      await sleep(MODEL_DELAY_MS);
      late.push(performance.now() - start - MODEL_DELAY_MS);
    }
    const timer = percentile(late, 0.5);
    return [
      { name: "streamed reply, first text beyond the model's own delay, p50", value: ms(percentile(times, 0.5) - timer) },
      { name: "streamed reply, first text beyond the model's own delay, p95", value: ms(percentile(times, 0.95) - timer) },
    ];
  } finally {
    await margay.close();
  }
}
