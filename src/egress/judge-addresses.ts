import { isPublicAddress } from "./ip-address.ts";

/** Why a host with these addresses is not asked, as a sentence; null: all of them are public. One private address among them is enough: which one is taken is chance. */
export function judgeAddresses(host: string, addresses: readonly string[]): string | null {
  const inside = addresses.find((address) => !isPublicAddress(address));
  return inside === undefined ? null : `${host} leads to ${inside}, which is an address of a private or reserved network.`;
}
