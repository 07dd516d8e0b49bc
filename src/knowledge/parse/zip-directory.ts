import { DocumentError } from "../parsed.ts";
import { inflate, stored } from "./inflate.ts";

/** One entry of a zip, as its directory says. Nothing of it is to be trusted. */
export interface ZipEntry {
  /** As it is written, with "/" or whatever else is in it. */
  path: string;
  directory: boolean;
  symlink: boolean;
  encrypted: boolean;
  /** Bytes it says it takes, and unpacks to. */
  packedSize: number;
  size: number;
  /** Its data, unpacked part by part; see {@link inflate}. */
  read(most: number): Generator<Uint8Array, void>;
}

export const MAX_ZIP_ENTRIES = 10_000;

const damaged = (): DocumentError => new DocumentError("damaged", "The archive is damaged or cut off.");

/**
 * The entries of a zip, from the directory at its end, which is what counts where it says something else than the entries themselves. Throws `DocumentError`: `damaged`, or
 * `too_large` past {@link MAX_ZIP_ENTRIES}.
 */
export function zipEntries(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, offset, shift } = findDirectory(view);
  if (count > MAX_ZIP_ENTRIES)
    throw new DocumentError("too_large", `The archive has more than ${MAX_ZIP_ENTRIES.toLocaleString("en")} files.`);
  const entries: ZipEntry[] = [];
  let at = offset + shift;
  for (let index = 0; index < count; index++) {
    if (at < 0 || at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) throw damaged();
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > bytes.length) throw damaged();
    entries.push(entryAt(bytes, view, at, shift));
    at = next;
  }
  return entries;
}

/** Where the directory is. `shift`: bytes that stand before the zip (a program that unpacks itself). */
function findDirectory(view: DataView): { count: number; offset: number; shift: number } {
  const last = view.byteLength - 22;
  for (let at = last; at >= 0 && at >= last - 0xffff; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    const count = view.getUint16(at + 10, true);
    const size = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    const big =
      at >= 20 && view.getUint32(at - 20, true) === 0x07064b50 && (count === 0xffff || size === 0xffffffff || offset === 0xffffffff);
    if (!big) return { count, offset, shift: Math.max(0, at - size - offset) };
    const record = Number(view.getBigUint64(at - 12, true));
    if (!(record >= 0 && record + 56 <= view.byteLength) || view.getUint32(record, true) !== 0x06064b50) throw damaged();
    return { count: Number(view.getBigUint64(record + 32, true)), offset: Number(view.getBigUint64(record + 48, true)), shift: 0 };
  }
  throw damaged();
}

function entryAt(bytes: Uint8Array, view: DataView, at: number, shift: number): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const nameLength = view.getUint16(at + 28, true);
  const path = nameOf(bytes.subarray(at + 46, at + 46 + nameLength));
  const [size = 0, packedSize = 0, start = 0] = largeFields(view, at, [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  ]);
  const unix = view.getUint16(at + 4, true) >> 8 === 3 ? view.getUint32(at + 38, true) >>> 16 : 0;
  return {
    path,
    directory: path.endsWith("/") || path.endsWith("\\") || (unix & 0xf000) === 0x4000,
    symlink: (unix & 0xf000) === 0xa000,
    encrypted: (flags & 1) !== 0,
    packedSize,
    size,
    *read(most) {
      if ((flags & 1) !== 0) throw new DocumentError("encrypted", "It is protected with a password. Save it without one first.");
      const local = start + shift;
      if (!(local + 30 <= bytes.length) || view.getUint32(local, true) !== 0x04034b50) throw damaged();
      const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      if (!(from + packedSize <= bytes.length)) throw damaged();
      const packed = bytes.subarray(from, from + packedSize);
      if (method === 0) yield* stored(packed, most);
      else if (method === 8) yield* inflate(packed, most);
      else throw new DocumentError("unsupported", "It is packed in a way that cannot be read; pack it as an ordinary zip.");
    },
  };
}

/** Sizes and place from the zip64 field, for those that say it is there. */
function largeFields(view: DataView, at: number, fields: number[]): number[] {
  if (!fields.includes(0xffffffff)) return fields;
  let from = at + 46 + view.getUint16(at + 28, true);
  const end = from + view.getUint16(at + 30, true);
  while (from + 4 <= end) {
    const length = view.getUint16(from + 2, true);
    if (view.getUint16(from, true) !== 1) {
      from += 4 + length;
      continue;
    }
    let place = from + 4;
    return fields.map((field) => {
      if (field !== 0xffffffff || place + 8 > Math.min(end, from + 4 + length)) return field;
      place += 8;
      return Number(view.getBigUint64(place - 8, true));
    });
  }
  return fields;
}

/** UTF-8 where it is that, whatever the flag says: many programs write it without; else the old code page, whose letters do not matter for finding a file. */
function nameOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Documents that are zips. */
type ZipKind = "docx" | "xlsx" | "pptx" | "odt" | "ods" | "odp" | "epub";

/** What a zip is: a document, `archive` (a folder of files), or a document of a kind that cannot be read, and how it could be. Throws `DocumentError` for a damaged one. */
export function zipKind(bytes: Uint8Array): ZipKind | "archive" | DocumentError {
  const entries = zipEntries(bytes);
  const names = new Set(entries.map(({ path }) => path));
  if (names.has("word/document.xml")) return "docx";
  if (names.has("xl/workbook.xml")) return "xlsx";
  if (names.has("ppt/presentation.xml")) return "pptx";
  const save = (what: string, as: string): DocumentError => new DocumentError("unsupported", `It is ${what}; save it as ${as} first.`);
  if (names.has("xl/workbook.bin")) return save("a binary workbook of Excel", "XLSX");
  const said = saidType(entries.find(({ path }) => path === "mimetype"));
  const openDocument = /^application\/vnd\.(?:oasis\.opendocument|sun\.xml)\.(\w+)/u.exec(said)?.[1];
  // With a password, newer programs lock all files as one.
  if (openDocument !== undefined && names.has("encrypted-package"))
    return new DocumentError("encrypted", "The document is protected with a password. Save it without one first.");
  if (openDocument !== undefined && names.has("content.xml")) {
    if (said.includes(".oasis.") && Object.hasOwn(OPEN_DOCUMENTS, openDocument)) return OPEN_DOCUMENTS[openDocument] ?? "archive";
    return save("an OpenDocument file of a kind that cannot be read", "ODT, ODS, ODP or PDF");
  }
  if (names.has("META-INF/container.xml")) return "epub";
  if (names.has("Index/Document.iwa")) return save("a Pages, Numbers or Keynote file", "DOCX, XLSX or PDF");
  return "archive";
}

const OPEN_DOCUMENTS: Readonly<Record<string, ZipKind>> = { text: "odt", spreadsheet: "ods", presentation: "odp" };

/** What a document says it is in a file of its own, as OpenDocument and EPUB do; empty where it says nothing. */
function saidType(entry: ZipEntry | undefined): string {
  try {
    const { value } = entry?.read(200).next() ?? {};
    return value instanceof Uint8Array ? new TextDecoder("latin1").decode(value).trim() : "";
  } catch (error) {
    if (error instanceof DocumentError) return "";
    throw error;
  }
}
