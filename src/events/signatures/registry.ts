import type { HookScheme } from "../hook-scheme.ts";
import { github } from "./github.ts";
import { hmac } from "./hmac.ts";
import type { PostedHook, SignatureScheme, SignatureSchemes, Verified } from "./signature.ts";
import { slack } from "./slack.ts";
import { standard } from "./standard.ts";
import { stripe } from "./stripe.ts";

/** Every way of signing that is known; a new one is one line here. */
export const SIGNATURE_SCHEMES: SignatureSchemes = { github, stripe, slack, standard, hmac };

/** What can be asked of a scheme without its options. */
export const schemeOf = ({ name }: HookScheme): Omit<SignatureScheme<never>, "verify"> => SIGNATURE_SCHEMES[name];

/** See {@link SignatureScheme.verify}. */
export function verifyHook(hook: PostedHook, secrets: readonly string[], scheme: HookScheme): Promise<Verified | null> {
  // One case each, so that the options of a scheme go with its own rules.
  switch (scheme.name) {
    case "github":
      return github.verify(hook, secrets, scheme);
    case "stripe":
      return stripe.verify(hook, secrets, scheme);
    case "slack":
      return slack.verify(hook, secrets, scheme);
    case "standard":
      return standard.verify(hook, secrets, scheme);
    case "hmac":
      return hmac.verify(hook, secrets, scheme);
  }
}
