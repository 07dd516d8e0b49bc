import type { EgressOptions, EgressResult } from "../../egress/egress-result.ts";
import type { ParseDriver } from "../../knowledge/parse/driver.ts";

/** To sign in with a stored secret, by its name: `secrets.use:bank`. Granted to everybody by default, and asked about each time. */
export const SECRETS_USE = "secrets.use";

/** A request of a tool. `secretName`: which of the user's stored secrets goes with it; the tool never sees its value. */
export type WebOptions = Omit<EgressOptions, "secret"> & { secretName?: string | undefined };

/** The web as tools see it: one request, made through the egress filter. Refusals are values; a secret that is not there, or not for tools, throws `not_found`. */
export interface WebPort {
  fetch(address: string, options: WebOptions): Promise<EgressResult>;
  /** Reads PDFs that come from there. */
  pdf: ParseDriver;
}

/** What web tools get as stores. */
export interface WebStores {
  web: WebPort;
}
