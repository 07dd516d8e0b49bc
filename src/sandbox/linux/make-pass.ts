import { MargayError } from "../../errors.ts";
import { hostMatches, readHost } from "../../permission/host.ts";
import { headerOf, placed } from "../../secrets/placed.ts";
import type { SecretUse } from "../../secrets/vault.ts";
import type { EgressPass } from "./egress-pass.ts";
import { noSecret } from "../../secrets/no-secret.ts";

interface MakePassDeps {
  vault: { useOf(name: string): SecretUse | null; get(name: string): Promise<string | null> };
  /** A secret goes along, for these hosts. */
  used(name: string, hosts: readonly string[]): void;
}

/** What one command may reach, and the secret that goes with it: to those of the hosts that the user named for it, and only there. */
export async function makePass(hosts: readonly string[], secretName: string | null, { vault, used }: MakePassDeps): Promise<EgressPass> {
  const pass: EgressPass = { hosts: [...hosts], secret: null };
  if (secretName === null) return pass;
  const use = vault.useOf(secretName);
  const value = use && (await vault.get(secretName));
  if (use === null || value === null) throw noSecret(secretName);
  const covered = hosts.filter((name) => {
    const host = readHost(name);
    // As for every other request: a secret is never for every host.
    return host !== null && use.hosts.some((pattern) => pattern.trim() !== "*" && hostMatches(pattern, host));
  });
  if (covered.length === 0) throw new MargayError("forbidden", `The secret ${secretName} is for ${use.hosts.join(", ")} only.`);
  used(secretName, covered);
  return { ...pass, secret: { hosts: covered, name: headerOf(use), value: placed(use, value) } };
}
