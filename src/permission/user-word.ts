import { type Destination, readDestination, readNumber, wordsOf } from "./destination.ts";
import { type Host, hostText } from "./host.ts";

/**
 * The destinations that the user named themself: in what they typed, or in what is kept of it in clean contacts and memory. Made by reading whole addresses out of
 * those texts, never by looking whether an address stands somewhere in them: `bob@example.com` is not named by "bob@example.com.evil.example".
 */
export class UserWord {
  readonly #hosts = new Set<string>();
  /** Hosts named by themselves, without a path: every page of theirs is meant. */
  readonly #wholeHosts = new Set<string>();
  readonly #pages = new Set<string>();
  /** Whole addresses, without a fragment. */
  readonly #addresses = new Set<string>();
  readonly #emails = new Set<string>();
  readonly #numbers = new Set<string>();
  readonly #texts: string[] = [];

  /** `texts`: what the user typed. `known`: destinations that are kept for them, each one alone. */
  constructor(texts: readonly string[], known: readonly string[] = []) {
    for (const text of texts) this.#read(text);
    for (const text of known) this.#add(readDestination(text), text);
  }

  /** Whether something may be sent there on the user's word. */
  names(destination: Destination): boolean {
    switch (destination.kind) {
      case "url":
        return this.#pages.has(destination.page) || this.#wholeHosts.has(hostText(destination.host));
      case "host":
        return this.#hosts.has(hostText(destination.host));
      case "email":
        return this.#emails.has(destination.address);
      case "number":
        return this.#numbers.has(destination.digits);
      case "name":
        return this.#says(destination.words);
    }
  }

  /** Whether something may be read from there on the user's word: any page of a host that they named, with or without the `www.` that most sites have both ways. */
  namesHost(host: Host): boolean {
    const text = hostText(host);
    if (this.#hosts.has(text) || (text.includes(".") && this.#hosts.has(`www.${text}`))) return true;
    return text.startsWith("www.") && text.slice(4).includes(".") && this.#hosts.has(text.slice(4));
  }

  /** Whether the user wrote this very address, or its host alone. */
  wroteAddress(address: string): boolean {
    const url = URL.parse(address);
    return url !== null && this.#addresses.has(withoutFragment(url));
  }

  #read(text: string): void {
    const rest: string[] = [];
    let from = 0;
    for (const { 0: token, index } of text.matchAll(TOKEN)) {
      // Longer than any address: nothing is named by it.
      const found = token.length > MAX_TOKEN ? [] : addressesIn(token);
      for (const { destination, written } of found) this.#add(destination, written, true);
      if (found.length === 0) continue;
      rest.push(text.slice(from, index));
      from = index + token.length;
    }
    const words = [...rest, text.slice(from)].join(" ");
    for (const [number] of words.matchAll(NUMBER)) {
      const read = readNumber(number.trim());
      if (read !== null) this.#numbers.add(read.digits);
    }
    this.#texts.push(` ${wordsOf(words).join(" ")} `);
  }

  #add(destination: Destination, text: string, typed = false): void {
    switch (destination.kind) {
      case "url":
        this.#pages.add(destination.page);
        for (const url of [URL.parse(text), URL.parse(`https://${text}`)]) if (url !== null) this.#addresses.add(withoutFragment(url));
        this.#hosts.add(hostText(destination.host));
        // "https://example.com/" is the host and nothing of it in particular.
        if (destination.page === hostText(destination.host)) this.#wholeHosts.add(destination.page);
        break;
      case "host":
        for (const scheme of ["http", "https"]) this.#addresses.add(`${scheme}://${hostText(destination.host)}/`);
        // "README.md" and "Thanks.it works" are hosts of somebody else's: such a word stands for the page of that address alone.
        if (typed && DOUBTFUL.test(text)) break;
        this.#hosts.add(hostText(destination.host));
        this.#wholeHosts.add(hostText(destination.host));
        break;
      case "email":
        this.#emails.add(destination.address);
        break;
      case "number":
        this.#numbers.add(destination.digits);
        break;
      case "name":
        this.#texts.push(` ${wordsOf(text).join(" ")} `);
        break;
    }
  }

  /** The words of a name, one after the other, whole. `general` is said by "#general"; `#general` is not said by "in general". */
  #says(words: readonly string[]): boolean {
    const wanted = words.join(" ");
    if (wanted.length < MIN_NAME) return false;
    return this.#texts.some(
      (text) => text.includes(` ${wanted} `) || (!/^[#@]/.test(wanted) && (text.includes(` #${wanted} `) || text.includes(` @${wanted} `))),
    );
  }
}

const withoutFragment = (url: URL): string => (url.hash === "" ? url.href : url.href.slice(0, -url.hash.length));

/** Shorter names stand in every text by accident. */
const MIN_NAME = 3;
/** Characters; addresses of the web have 2,000 at most here. */
const MAX_TOKEN = 2_500;
/** Bare names that are files, or the end of one sentence and the beginning of the next, as often as hosts: by extension, and by short words. */
const DOUBTFUL = /^(?!www\.)[^/:]*\.(?:md|sh|py|rs|pl|ps|zip|mov|pub|cab|bz|cc|so|la|it|is|in|me|no|to|at|my|am|be|do|as|us)\.?\/?$/i;
const TOKEN = /[^\s<>"'`“”‘’«»|]+/gu;
const NUMBER = /\+?\d[\d\s().\-/]{4,40}\d/gu;

/** Without the punctuation of the sentence around it. A closing bracket belongs to an address that has its opening one. */
function trimmed(token: string): string {
  const plain = token.replace(/^[([{*_~¿¡]+/u, "");
  const open = { ")": count(plain, "("), "]": count(plain, "["), "}": count(plain, "{") };
  const close = { ")": count(plain, ")"), "]": count(plain, "]"), "}": count(plain, "}") };
  let end = plain.length;
  for (; end > 0; end--) {
    const last = plain.charAt(end - 1);
    if (PUNCTUATION.includes(last)) continue;
    if (last !== ")" && last !== "]" && last !== "}") break;
    if (close[last] <= open[last]) break;
    close[last]--;
  }
  return plain.slice(0, end);
}

const PUNCTUATION = ".,;:!?…*_~";
const count = (text: string, character: string): number => text.split(character).length - 1;

interface Found {
  destination: Destination;
  written: string;
}

/** The addresses in a piece of text without spaces: usually one ("https://…", "ana@example.com"), sometimes several ("to:ana@example.com,bob@example.com"). */
function addressesIn(token: string): Found[] {
  const http = token.search(/https?:\/\//i);
  const whole = trimmed(http > 0 ? token.slice(http) : token);
  if (http >= 0) return foundIn(whole);
  const found = foundIn(whole);
  return found.length > 0 ? found : whole.split(/[,;:=|]+/).flatMap((part) => foundIn(trimmed(part)));
}

function foundIn(written: string): Found[] {
  const read = readDestination(written);
  return read.kind === "url" || read.kind === "host" || read.kind === "email" ? [{ destination: read, written }] : [];
}
