import * as book from "@e965/xlsx";

/** Workbooks of Excel and of OpenDocument: SheetJS as it is, but for what would need files at hand. */
export * from "@e965/xlsx";

/** Throws: code has no files that can be read at once. */
export function readFile() {
  throw new Error("There is no readFile here: XLSX.read(await files.readBytes(path)).");
}

/** Throws: code has no files that can be written at once. */
export function writeFile() {
  throw new Error('There is no writeFile here: await files.write(path, XLSX.write(book, { type: "array", bookType: "xlsx" })).');
}

export const writeFileXLSX = writeFile;

export default { ...book, readFile, writeFile, writeFileXLSX };
