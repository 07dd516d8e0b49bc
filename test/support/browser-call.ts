import type { BrowserCall } from "../../src/browser/browser-call.ts";

/** A call of a browser that nothing limits and that knows no secret; `save` gets its files, `stateOf` tells of them. */
export const browserCall = (save: BrowserCall["save"], stateOf: BrowserCall["stateOf"] = () => "1"): BrowserCall => ({
  signal: new AbortController().signal,
  composed: false,
  hosts: null,
  choices: null,
  scrub: async (text) => text,
  save,
  stateOf,
});
