import { readDestination } from "../permission/destination.ts";
import type { StoredMemory } from "./stored-memory.ts";

const EMAIL = /[^\s<>"'()[\]{},;:]+@[^\s<>"'()[\]{},;:]+\.[^\s<>"'()[\]{},;:]+/gu;
const URL_TEXT = /https?:\/\/[^\s<>"']+/giu;
/** Bare hosts that are files or ends of sentences as often as hosts are left out: nobody may be written to by accident. */
const HOST =
  /(?<![\w@/.-])(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|dev|app|cloud|eu|uk|de|fr|nl|se|dk|fi|no|es|ch|at|jp|us|ca|au|example)(?![\w-])/giu;
const NUMBER = /\+?\d[\d\s().\-/]{4,40}\d/gu;

function addressesIn(text: string): string[] {
  const found = [...text.matchAll(EMAIL), ...text.matchAll(URL_TEXT), ...text.matchAll(HOST)].map(([address]) =>
    address.replace(/[.,;:!?)]+$/u, ""),
  );
  const rest = text.replaceAll(EMAIL, " ").replaceAll(URL_TEXT, " ");
  const numbers = [...rest.matchAll(NUMBER)].map(([number]) => number.trim());
  return [...found, ...numbers].filter((address) => readDestination(address).kind !== "name");
}

/**
 * Addresses that the user themself asked to remember: they count as their word. Of what was said in chat only those that stand in what they typed, since the memory's text is the model's;
 * of what they wrote on the page all. Content from outside never has a part in it.
 */
export function knownDestinations(memories: readonly StoredMemory[]): string[] {
  const known = memories.flatMap(({ text, source, quotes, asked, tainted }) => {
    if (!asked || tainted || source.kind === "import" || source.kind === "document") return [];
    const written = addressesIn(text);
    if (source.kind === "page") return written;
    const typed = new Set(quotes.flatMap(addressesIn).map((address) => JSON.stringify(readDestination(address))));
    return written.filter((address) => typed.has(JSON.stringify(readDestination(address))));
  });
  return [...new Set(known)];
}
