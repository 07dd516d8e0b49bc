import { DocumentError } from "../parsed.ts";

const starts = (bytes: Uint8Array, text: string, at = 0): boolean => {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false;
  return true;
};

/** The media type of a picture that can be described, by its first bytes. */
export function imageMime(bytes: Uint8Array): string | null {
  if (starts(bytes, "\x89PNG\r\n\x1A\n")) return "image/png";
  if (starts(bytes, "\xFF\xD8\xFF")) return "image/jpeg";
  if (starts(bytes, "GIF87a") || starts(bytes, "GIF89a")) return "image/gif";
  if (starts(bytes, "RIFF") && starts(bytes, "WEBP", 8)) return "image/webp";
  return null;
}

/** What else people send, by its first bytes, and how it is called. The last number: where they stand. */
const OTHERS: readonly [string, string, number?][] = [
  ["\x7FELF", "a program"],
  ["\xCA\xFE\xBA\xBE", "a program"],
  ["\xCF\xFA\xED\xFE", "a program"],
  ["\xCE\xFA\xED\xFE", "a program"],
  ["\0asm", "a program"],
  ["\x1F\x8B", "an archive (gzip)"],
  ["7z\xBC\xAF\x27\x1C", "an archive (7z)"],
  ["Rar!\x1A\x07", "an archive (RAR)"],
  ["\xFD7zXZ\0", "an archive (xz)"],
  ["BZh", "an archive (bzip2)"],
  ["\x28\xB5\x2F\xFD", "an archive (zstd)"],
  ["ustar", "an archive (tar)", 257],
  ["%!PS", "a PostScript file; save it as PDF first"],
  ["SQLite format 3\0", "a database"],
  ["ID3", "a sound file"],
  ["OggS", "a sound file"],
  ["fLaC", "a sound file"],
  ["RIFF", "a sound or video file"],
  ["ftyp", "a video or a picture of a kind that cannot be read (MP4, HEIC, AVIF)", 4],
  ["\x1A\x45\xDF\xA3", "a video"],
  ["II*\0", "a picture of a kind that cannot be read (TIFF)"],
  ["MM\0*", "a picture of a kind that cannot be read (TIFF)"],
  ["BM", "a picture of a kind that cannot be read (BMP)"],
  ["8BPS", "a picture of a kind that cannot be read (Photoshop)"],
  ["\0\0\x01\0", "a picture of a kind that cannot be read (icon)"],
  ["wOF", "a font"],
  ["\0\x01\0\0\0", "a font"],
  ["OTTO", "a font"],
  ["MZ", "a program"],
];

/** Marks that a text could begin with: they count only where bytes follow that no text has. */
const WORDS = new Set(["BM", "MZ", "BZh", "ID3", "wOF", "OggS", "fLaC", "OTTO", "RIFF", "ftyp", "ustar", "8BPS"]);

/** `pdf`, `rtf`, `zip`, why nothing else of this kind can be read, or null where the first bytes say nothing. `pdf`: whether it is called one, so that something may stand before its mark. */
export function fileKind(bytes: Uint8Array, pdf: boolean): "pdf" | "rtf" | "zip" | DocumentError | null {
  if (starts(bytes, "%PDF-")) return "pdf";
  if (pdf) for (let at = 1; at < 1024; at++) if (starts(bytes, "%PDF-", at)) return "pdf";
  if (starts(bytes, "{\\rtf")) return "rtf";
  if (starts(bytes, "PK\x03\x04") || starts(bytes, "PK\x05\x06")) return "zip";
  if (starts(bytes, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) return compoundFile(bytes);
  for (const [mark, what, at] of OTHERS) {
    if (!starts(bytes, mark, at ?? 0)) continue;
    if (WORDS.has(mark) && !bytes.subarray(0, 512).includes(0)) continue;
    return new DocumentError(
      "unsupported",
      `It is ${what}: nothing that can be read here.`.replace(" first: nothing that can be read here", " first"),
    );
  }
  return null;
}

/** Files of old Office versions, by a name in their directory. */
const OLD: readonly [name: string, what: string][] = [
  // What is attached to a message is in its file too.
  ["__properties_version1.0", "a message of Outlook (MSG); save it as EML or PDF"],
  ["WordDocument", "a document of an old version of Word (DOC); save it as DOCX or PDF"],
  ["PowerPoint Document", "a presentation of an old version of PowerPoint (PPT); save it as PPTX or PDF"],
  ["Workbook", "a workbook of an old version of Excel (XLS); save it as XLSX"],
  ["Book", "a workbook of an old version of Excel (XLS); save it as XLSX"],
];

/** Old Office files, and new ones behind a password. */
function compoundFile(bytes: Uint8Array): DocumentError {
  // Names in its directory are UTF-16.
  const names = new TextDecoder("utf-16le").decode(bytes.subarray(0, Math.min(bytes.length, 64 * 1024) & ~1));
  const holds = (name: string): boolean => names.includes(name) || utf16Includes(bytes, name);
  if (holds("EncryptedPackage"))
    return new DocumentError("encrypted", "The document is protected with a password. Save it without one first.");
  const old = OLD.find(([name]) => holds(name));
  return new DocumentError(
    "unsupported",
    `It is ${old?.[1] ?? "a file of an old Office version; save it as DOCX, XLSX, PPTX or PDF"} first.`,
  );
}

function utf16Includes(bytes: Uint8Array, name: string): boolean {
  const first = name.charCodeAt(0);
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    let index = 1;
    while (index < name.length && bytes[at + 2 * index] === name.charCodeAt(index) && bytes[at + 2 * index - 1] === 0) index++;
    if (index === name.length) return true;
  }
  return false;
}
