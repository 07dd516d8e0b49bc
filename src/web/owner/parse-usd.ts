/** Dollars as a person types them, with a point or a comma. Null: nothing was typed; undefined: that is no amount. */
export function parseUsd(text: string): number | null | undefined {
  const clean = text
    .trim()
    .replace(/^\$\s*/u, "")
    .replace(",", ".");
  if (clean === "") return null;
  if (!/^\d{1,7}(\.\d{1,6})?$/u.test(clean)) return undefined;
  const amount = Number(clean);
  return amount <= 1_000_000 ? amount : undefined;
}
