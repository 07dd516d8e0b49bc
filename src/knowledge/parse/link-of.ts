/** Addresses that mean something without the document they were in; null for others. */
export const linkOf = (href: string): string | null =>
  /^(?:https?:\/\/|mailto:|tel:)[^\s<>()]{1,2000}$/i.test(href.trim()) ? href.trim() : null;

/** Words that lead to an address, in Markdown. White space around them stays outside. */
export function linked(text: string, href: string): string {
  const words = text.replaceAll(/\s+/g, " ").trim();
  const url = words === "" ? null : linkOf(href);
  if (url === null) return text;
  const link = words === url ? `<${url}>` : `[${words}](${url})`;
  return `${/^\s/.test(text) ? " " : ""}${link}${/\s$/.test(text) ? " " : ""}`;
}
