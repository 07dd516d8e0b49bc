/** What a request carries, for a person, not yet cut to what is shown: fields one a line where it is a form. `entries`: its bytes, as the browser gives them, base64. */
export function bodyText(type: string, entries: readonly string[], has: boolean): string {
  if (entries.length === 0) return has ? "[more than can be shown]" : "";
  const text = decoded(entries.join("").length > 400_000 ? entries.slice(0, 1) : entries).slice(0, 100_000);
  if (type.includes("application/x-www-form-urlencoded"))
    return [...new URLSearchParams(text)].map(([name, value]) => `${name} = ${value}`).join("\n");
  return type.includes("multipart/form-data") ? parts(text) : text;
}

function decoded(entries: readonly string[]): string {
  try {
    const bytes = entries.flatMap((entry) => Array.from(atob(entry), (character) => character.codePointAt(0) ?? 0));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  } catch {
    return "[not readable]";
  }
}

/** Fields of a multipart form (RFC 7578): names with values, files by their names. */
function parts(text: string): string {
  const boundary = text.slice(0, text.indexOf("\r\n"));
  if (!boundary.startsWith("--")) return text;
  return text
    .split(boundary)
    .flatMap((part) => {
      const end = part.indexOf("\r\n\r\n");
      const head = part.slice(0, end);
      const name = /name="([^"]*)"/.exec(head)?.[1];
      if (name === undefined || end < 0) return [];
      const file = /filename="([^"]*)"/.exec(head)?.[1];
      return [`${name} = ${file === undefined ? part.slice(end + 4).trimEnd() : `[file ${file}]`}`];
    })
    .join("\n");
}
