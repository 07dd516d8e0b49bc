/**
 * What is special where the browser is one of this machine. Nothing deployed ever sets it: only `src/local/` does, which a check keeps out of the deployed Worker.
 * `loopback`: origins of test pages on this machine (`http://127.0.0.1:4000`). `free`: nobody sends a bill.
 */
export const here: { loopback: ReadonlySet<string>; free: boolean } = { loopback: new Set(), free: false };
