import { readHost } from "./host.ts";

/**
 * An address for comparing: lower case, its domain as the network knows it. Takes `Ana <ana@example.com>` and `mailto:`. null: not one address. Quoted local
 * parts (RFC 5321, 4.1.2) are not taken: hardly anybody has one, and they can hold an `@`. A list is not one address, whichever stands last in it.
 */
export function readEmail(text: string): { address: string; domain: string } | null {
  // Longer than any address with its name (RFC 5321, 4.5.3.1), and nobody waits for it to be read.
  if (text.length > 1_000) return null;
  const [, name = "", bracketed] = /^(.*)<([^<>]*)>\s*$/s.exec(text) ?? [];
  // "eve@example.org, Ana <ana@example.com>" goes to both.
  if (/[,;<>\p{Cc}]/u.test(name.replaceAll(QUOTED, ""))) return null;
  const plain = bracketed ?? text.replace(/^\s*mailto:/i, "");
  const match = /^\s*([^\s@<>()[\]\\,;:"]+)@([^\s@<>]+?)\.?\s*$/u.exec(plain);
  const domain = match?.[2] === undefined ? null : readHost(match[2]);
  if (!match?.[1] || domain === null || domain.port !== null || !domain.name.includes(".")) return null;
  return { address: `${match[1].normalize("NFC").toLowerCase()}@${domain.name}`, domain: domain.name };
}

const QUOTED = /"(?:[^"\\]|\\.)*"/gs;
