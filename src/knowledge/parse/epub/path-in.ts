/** The path in the zip of what an address names, `#` and what follows left out; null: it is none, or leads out of the book. `folder`: where it is written, "" at the top. */
export function pathIn(address: string, folder: string): string | null {
  const base = `file:///${folder.split("/").map(encodeURIComponent).join("/")}/`;
  const url = URL.parse(address, base);
  if (url?.protocol !== "file:" || url.host !== "") return null;
  try {
    return decodeURIComponent(url.pathname).replace(/^\/+/u, "");
  } catch {
    return null;
  }
}
