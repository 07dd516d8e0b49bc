/** The codes that the AI binding throws, by the status they mean (developers.cloudflare.com/workers-ai/platform/errors). */
const CODES: Record<number, string> = {
  400: "5007: No such model",
  403: "5016: Access to this model is not allowed",
  413: "3006: Request is too large",
  429: "3040: Capacity temporarily exceeded",
};

/**
 * An `AI` binding that sends what it is given to the scripted model server. `run()` answers like the real one: a stream or an object for
 * Workers AI, a whole Response where `returnRawResponse` asks for it; errors are thrown with a code in the text.
 */
export function fakeAiBinding(url: string, key: string): Ai {
  const run = async (
    model: string,
    inputs: Record<string, unknown>,
    options: { returnRawResponse?: boolean; signal?: AbortSignal } = {},
  ): Promise<unknown> => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      // Workers AI and the gateway report the usage without being asked.
      body: JSON.stringify({ ...inputs, model, ...(inputs["stream"] === true ? { stream_options: { include_usage: true } } : {}) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    if (options.returnRawResponse === true) return response;
    if (!response.ok) throw new Error(CODES[response.status] ?? `InferenceUpstreamError: ${await response.text()}`);
    return inputs["stream"] === true ? response.body : response.json();
  };
  return Object.assign(Object.create(null), { run, fetch, aiGatewayLogId: null });
}
