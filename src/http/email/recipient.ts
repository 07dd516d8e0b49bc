import { plainAddress } from "../../channels/email/address.ts";

/** Whom a mail is for: `ana+shop@margay.example.com` is `ana`'s. */
export interface Recipient {
  local: string;
  /** What stands behind the first `+`; null: nothing. */
  tag: string | null;
}

/** null: the address is not of this domain, or none. */
export function recipientOf(address: string, domain: string): Recipient | null {
  const found = plainAddress(address.trim());
  if (!found || found.domain !== domain) return null;
  const plus = found.local.indexOf("+");
  if (plus === -1) return { local: found.local, tag: null };
  const tag = found.local.slice(plus + 1);
  return { local: found.local.slice(0, plus), tag: tag === "" ? null : tag };
}
