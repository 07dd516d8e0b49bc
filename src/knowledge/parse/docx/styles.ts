import type { XmlHandler } from "../xml.ts";
import type { ListPlace } from "./numbering.ts";

/** What a paragraph style means. */
export interface ParagraphStyle {
  /** Of a heading, 1 to 6. */
  level: number | null;
  list: Partial<ListPlace>;
}

interface Written {
  name: string;
  basedOn: string | null;
  outline: number | null;
  list: Partial<ListPlace>;
}

const MAX_STYLES = 5_000;

/** Reads `word/styles.xml`. */
export function stylesIn(): XmlHandler & { styles: (id: string) => ParagraphStyle } {
  const written = new Map<string, Written>();
  let open: Written | null = null;
  return {
    styles: (id) => resolve(written, id),
    open(name, attributes) {
      const value = attributes["w:val"] ?? "";
      if (name === "w:style" && written.size < MAX_STYLES) {
        open = { name: "", basedOn: null, outline: null, list: {} };
        written.set(attributes["w:styleId"] ?? "", open);
      } else if (open === null) return;
      else if (name === "w:name") open.name = value;
      else if (name === "w:basedOn") open.basedOn = value;
      else if (name === "w:outlineLvl" && /^[0-9]$/.test(value)) open.outline = Number(value);
      else if (name === "w:numId") open.list.list = value;
      else if (name === "w:ilvl" && /^[0-8]$/.test(value)) open.list.depth = Number(value);
    },
    close(name) {
      if (name === "w:style") open = null;
    },
  };
}

/** A style with what it has from those that it is based on. */
function resolve(written: ReadonlyMap<string, Written>, id: string): ParagraphStyle {
  const found: ParagraphStyle = { level: null, list: {} };
  let style = written.get(id);
  // Styles may be based on each other in a circle.
  for (let steps = 0; style !== undefined && steps < 20; steps++) {
    found.level ??= levelOf(style);
    found.list = { ...style.list, ...found.list };
    style = style.basedOn === null ? undefined : written.get(style.basedOn);
  }
  // Files without a list of styles still use the usual names.
  if (written.size === 0) found.level = levelOf({ name: id.replace(/^Heading(?=\d)/, "heading "), basedOn: null, outline: null, list: {} });
  // 10 stands for "body text", which ends what was inherited.
  return found.level !== null && found.level > 9
    ? { ...found, level: null }
    : { ...found, level: found.level === null ? null : Math.min(6, found.level) };
}

/** Built-in styles keep their English names in every language. */
function levelOf({ name, outline }: Written): number | null {
  if (outline !== null) return outline + 1;
  const heading = /^heading ([1-9])$/i.exec(name)?.[1];
  if (heading !== undefined) return Number(heading);
  return /^title$/i.test(name) ? 1 : null;
}
