import { relationId } from "../office-relations.ts";
import { localName, type XmlHandler } from "../xml.ts";

interface SheetPlace {
  name: string;
  /** Of its relation. */
  id: string;
  hidden: boolean;
}

const MAX_SHEETS = 1_000;
/** Characters of a name. Excel's own have 31. */
const MAX_CHARS = 1_000;

const bounded = (text: string): string => (text.length > MAX_CHARS ? "" : text);

/** Reads `xl/workbook.xml`. `from1904`: days count from 1904, as old versions on a Mac did. */
export function sheetsIn(): XmlHandler & { sheets: SheetPlace[]; from1904: boolean } {
  const found = {
    sheets: [] as SheetPlace[],
    from1904: false,
    open(name: string, attributes: Readonly<Record<string, string>>): void {
      const kind = localName(name);
      if (kind === "workbookPr") found.from1904 = ["1", "true"].includes(attributes["date1904"] ?? "");
      if (kind !== "sheet" || found.sheets.length >= MAX_SHEETS) return;
      found.sheets.push({
        name: bounded(attributes["name"] ?? ""),
        id: relationId(attributes) ?? "",
        hidden: ["hidden", "veryHidden"].includes(attributes["state"] ?? ""),
      });
    },
    close(): void {},
  };
  return found;
}
