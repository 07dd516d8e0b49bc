import type { EgressOptions, EgressResult, EgressSecret } from "../../egress/egress-result.ts";
import { headerOf, placed } from "../../secrets/placed.ts";
import type { SecretUse } from "../../secrets/vault.ts";
import type { WebPort } from "./web-port.ts";
import { noSecret } from "../../secrets/no-secret.ts";

interface SignedWebDeps {
  egress: { request(address: string, options: EgressOptions): Promise<EgressResult> };
  vault: { useOf(name: string): SecretUse | null; get(name: string): Promise<string | null> };
  /** A secret goes out, to this host. */
  used(name: string, host: string): void;
}

/** The web with the user's secrets: a value is fetched for the one request that needs it, and goes to the hosts that the user named for it. */
export const signedWeb = ({ egress, vault, used }: SignedWebDeps): Pick<WebPort, "fetch"> => ({
  async fetch(address, { secretName, ...options }) {
    if (secretName === undefined) return egress.request(address, options);
    const use = vault.useOf(secretName);
    if (use === null) throw noSecret(secretName);
    const secret: EgressSecret = {
      header: headerOf(use),
      hosts: use.hosts,
      async value(host) {
        const value = await vault.get(secretName);
        if (value === null) return null;
        used(secretName, host);
        return placed(use, value);
      },
    };
    return egress.request(address, { ...options, secret });
  },
});
