export interface Part {
  text: string;
  hit: boolean;
}

const AROUND = 60;
const LONGEST = 180;

/** The part of a text around the first searched word, with the searched words marked. */
export function excerpt(text: string, search: string): Part[] {
  const words = search.split(/\s+/u).filter((word) => word !== "");
  const flat = text.replaceAll(/\s+/gu, " ").trim();
  if (words.length === 0) return [{ text: flat.slice(0, LONGEST), hit: false }];
  const pattern = new RegExp(`(${words.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`)).join("|")})`, "giu");
  const first = flat.search(pattern);
  const from = Math.max(0, (first < 0 ? 0 : first) - AROUND);
  const cut = flat.slice(from, from + LONGEST);
  const shown = `${from > 0 ? "…" : ""}${cut}${from + LONGEST < flat.length ? "…" : ""}`;
  return shown
    .split(pattern)
    .map((part, index) => ({ text: part, hit: index % 2 === 1 }))
    .filter((part) => part.text !== "");
}
