/** The most that is read of one answer of an endpoint that a user entered, bytes. The longest real answers are far below. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * A `fetch` whose answers end with an error after `limit` bytes. For addresses that a user typed: what they send is read in an isolate that other
 * people's objects share, so one endpoint must not be able to fill its memory.
 */
export function boundedFetch(send: typeof fetch, limit: number = MAX_ANSWER_BYTES): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init);
    if (!response.body) return response;
    let size = 0;
    const bound = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        size += chunk.byteLength;
        if (size > limit) controller.error(new TypeError(`The answer is longer than ${limit} bytes.`));
        else controller.enqueue(chunk);
      },
    });
    return new Response(response.body.pipeThrough(bound), response);
  };
}
