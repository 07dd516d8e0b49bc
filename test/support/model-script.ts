import { z } from "zod";
import { ReceivedRequest, type Step } from "./model-server-script.ts";

/** The scripted model server from a test's side. Uses only `fetch`, so it works in Node and inside workerd. */
export interface ModelScript {
  /** The API key that this script belongs to; make one for each test. */
  readonly key: string;
  /** Replaces the script and forgets the requests so far. */
  set(steps: Step[], fallback?: Step): Promise<void>;
  /** What was received with this key, oldest first. */
  requests(): Promise<ReceivedRequest[]>;
  /** How many steps were not used yet. */
  left(): Promise<number>;
  clear(): Promise<void>;
  /** Lets answers go on that are held (`holdAfter`). Throws where none is. */
  release(): Promise<void>;
}

/** `url` is the server's root (`env.MODEL_SERVER` in workerd). */
export function modelScript(url: string, key: string): ModelScript {
  const call = async (path: string, init?: RequestInit): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, init);
    const body = await response.json();
    if (!response.ok) throw new Error(`model server: ${JSON.stringify(body)}`);
    return body;
  };
  const query = `key=${encodeURIComponent(key)}`;
  return {
    key,
    async set(steps, fallback) {
      await call("/control/script", { method: "POST", body: JSON.stringify({ key, steps, fallback }) });
    },
    async requests() {
      return z.array(ReceivedRequest).parse(await call(`/control/requests?${query}`));
    },
    async left() {
      return z.object({ steps: z.number() }).parse(await call(`/control/left?${query}`)).steps;
    },
    async release() {
      const { released } = z.object({ released: z.number() }).parse(await call(`/control/release?${query}`, { method: "POST" }));
      if (released === 0) throw new Error("model server: no answer is held");
    },
    async clear() {
      await call(`/control/script?${query}`, { method: "DELETE" });
    },
  };
}
