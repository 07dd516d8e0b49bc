import { readEmail } from "./email.ts";
import { type Host, hostOf, hostText, readHost } from "./host.ts";

/** Where a call sends something, or reads it from, as it is compared. */
export type Destination =
  | { kind: "url"; host: Host; /** Origin and path, without query, fragment and a last slash. */ page: string }
  | { kind: "host"; host: Host }
  | { kind: "email"; address: string; domain: string }
  /** A telephone or account number: its digits. */
  | { kind: "number"; digits: string }
  /** A person, channel, account or anything else that is called by a name: its words, lower case. */
  | { kind: "name"; words: string[] };

/** Reads a destination as a tool or a person writes it. Everything is one: what has no form of its own is a name. */
export function readDestination(text: string): Destination {
  const plain = text.trim();
  const email = readEmail(plain);
  if (email !== null) return { kind: "email", ...email };
  return readAddress(plain) ?? readNumber(plain) ?? { kind: "name", words: wordsOf(plain) };
}

/** `https://…`, `example.com`, `example.com/path`; null: no address of the web. */
export function readAddress(text: string): Extract<Destination, { kind: "url" | "host" }> | null {
  if (/^https?:\/\//i.test(text)) {
    const url = URL.parse(text);
    return url === null ? null : { kind: "url", host: hostOf(url), page: pageOf(url) };
  }
  const [, name = "", rest = ""] = /^([^\s/@?#]+)([/?#].*)?$/s.exec(text) ?? [];
  const host = readHost(name);
  // A word with a dot in it, the last part of which could be a top-level domain.
  if (host === null || !/\.(?:[a-z]{2,}|xn--[a-z0-9-]+)$/.test(host.name)) return null;
  if (rest === "" || rest === "/") return { kind: "host", host };
  const url = URL.parse(`https://${name}${rest}`);
  return url === null ? null : { kind: "url", host, page: pageOf(url) };
}

const pageOf = (url: URL): string => `${hostText(hostOf(url))}${url.pathname.replace(/\/+$/, "")}`;

export function readNumber(text: string): Extract<Destination, { kind: "number" }> | null {
  if (!/^(?:tel:)?\+?[\d\s().\-/]{6,}$/i.test(text)) return null;
  const digits = text.replaceAll(/\D/g, "").replace(/^00/, "");
  return digits.length < 6 ? null : { kind: "number", digits };
}

/** Words and numbers, lower case; a sign that makes a word a name of something (`#general`, `@ana`) stays with it. */
export const wordsOf = (text: string): string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[#@]?[\p{L}\p{N}\p{M}_]+/gu) ?? [];
