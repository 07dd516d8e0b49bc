import type { CodePort } from "../../sandbox/code-run.ts";

/** To run code that nobody vouches for, in a place with no network. Granted to everybody by default: whatever it calls is asked about as ever. */
export const CODE_RUN = "code.run";

export interface CodeStores {
  code: CodePort;
}
