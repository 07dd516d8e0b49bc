/** Takes stored secrets out of a text. */
export type Scrub = (text: string) => Promise<string>;

/** A text, cut where it is longer. Whatever may hold a secret is scrubbed before: a part of one is not found any more. */
export const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`);

export const cutClean = async (text: string, most: number, scrub: Scrub): Promise<string> => cut(await scrub(text), most);

/** Texts without stored secrets, by one look at all of them. */
export async function allClean(texts: readonly string[], scrub: Scrub): Promise<string[]> {
  if (texts.length === 0) return [];
  const clean = readList(await scrub(JSON.stringify(texts)));
  // A secret took the marks between them with it.
  return clean?.length === texts.length ? clean : Promise.all(texts.map(scrub));
}

function readList(text: string): string[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((one) => typeof one === "string") ? list : null;
  } catch {
    return null;
  }
}
