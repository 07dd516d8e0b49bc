/** A local part of plain characters (RFC 5322, 3.2.3, `dot-atom`), and a domain as the network knows it. Quoted local parts and other scripts are not taken: they exist, and hardly anybody has one. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;
/** RFC 5321, 4.5.3.1. */
const MAX_LOCAL = 64;
const MAX_ADDRESS = 254;
/** Longer than any sender's name. */
const MAX_FIELD = 1_000;

export interface MailAddress {
  /** Lower case: no service that people use tells `Ana@` from `ana@`, and two links to one mailbox must not be two. */
  address: string;
  local: string;
  domain: string;
}

/** An address that stands alone, as an envelope has it; null: it is none, or of a kind that is not taken. */
export function plainAddress(text: string): MailAddress | null {
  const address = text.toLowerCase();
  const at = address.lastIndexOf("@");
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  if (at < 1 || address.length > MAX_ADDRESS || local.length > MAX_LOCAL || !LOCAL.test(local) || !DOMAIN.test(domain)) return null;
  return { address, local, domain };
}

/**
 * The one address of a `From` or `Sender` field (RFC 5322, 3.4), raw, as it stands in the mail. null: none, more than one, or anything that two readers could read as two
 * addresses: brackets, commas, colons or an `@` outside of quotes, encoded words where an address stands.
 */
export function oneAddress(field: string): (MailAddress & { name: string }) | null {
  // Only field folding was taken away: what else is a control character has no business here.
  if (field.length > MAX_FIELD || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(field.replaceAll("\t", " "))) return null;
  const [, name = "", bracketed] = /^([^<>]*|(?:[^<>"]|"(?:[^"\\]|\\.)*")*)<([^<>]*)>\s*$/.exec(field) ?? [];
  const found = plainAddress((bracketed ?? field).trim());
  if (!found || /[<>,;:@[\]\\"]/.test(name.replaceAll(/"(?:[^"\\]|\\.)*"/g, ""))) return null;
  return { ...found, name: name.trim().replaceAll(/^"|"$/g, "").slice(0, 200) };
}

/** The channel identity of a sender: who may speak as whom is stored under this name. */
export const emailIdentity = (address: string): string => `email:${address}`;
