import { localName, type XmlHandler } from "../xml.ts";

interface SheetPlace {
  name: string;
  /** Of its relationship, see {@link placesIn}. */
  id: string;
  hidden: boolean;
}

const MAX_SHEETS = 1_000;

/** Reads `xl/workbook.xml`. `from1904`: days count from 1904, as old versions on a Mac did. */
export function sheetsIn(): XmlHandler & { sheets: SheetPlace[]; from1904: boolean } {
  const found = {
    sheets: [] as SheetPlace[],
    from1904: false,
    open(name: string, attributes: Readonly<Record<string, string>>): void {
      const kind = localName(name);
      if (kind === "workbookPr") found.from1904 = ["1", "true"].includes(attributes["date1904"] ?? "");
      if (kind !== "sheet" || found.sheets.length >= MAX_SHEETS) return;
      const id = Object.entries(attributes).find(([key]) => localName(key) === "id" && key !== "id")?.[1] ?? "";
      found.sheets.push({ name: attributes["name"] ?? "", id, hidden: ["hidden", "veryHidden"].includes(attributes["state"] ?? "") });
    },
    close(): void {},
  };
  return found;
}

/** Reads `xl/_rels/workbook.xml.rels`: in which part a sheet is. */
export function placesIn(): XmlHandler & { of(id: string): string | undefined } {
  const places = new Map<string, string>();
  return {
    of: (id) => places.get(id),
    open(name, { Id: id, Target: target }) {
      if (localName(name) !== "Relationship" || id === undefined || target === undefined || places.size >= 2 * MAX_SHEETS) return;
      places.set(id, target.startsWith("/") ? target.slice(1) : `xl/${target}`);
    },
    close() {},
  };
}
