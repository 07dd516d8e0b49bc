/** Encodings by the number that a font has for its letters (`\fcharset`). */
const CHARSETS: Readonly<Record<number, string>> = {
  77: "macintosh",
  128: "shift_jis",
  129: "euc-kr",
  134: "gbk",
  136: "big5",
  161: "windows-1253",
  162: "windows-1254",
  163: "windows-1258",
  177: "windows-1255",
  178: "windows-1256",
  186: "windows-1257",
  204: "windows-1251",
  222: "windows-874",
  238: "windows-1250",
};

const CODE_PAGES: Readonly<Record<number, string>> = {
  866: "ibm866",
  932: "shift_jis",
  936: "gbk",
  949: "euc-kr",
  950: "big5",
  10000: "macintosh",
  65001: "utf-8",
};

/** The encoding of a font; null: that of the document. */
export const labelOfCharset = (charset: number): string | null => CHARSETS[charset] ?? null;

/** The encoding of a document (`\ansicpg`). What nobody knows any more is read as what western Europe writes. */
export const labelOfCodePage = (page: number): string =>
  CODE_PAGES[page] ?? ((page >= 1250 && page <= 1258) || page === 874 ? `windows-${page}` : "windows-1252");
