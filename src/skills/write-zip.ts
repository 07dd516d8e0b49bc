import { zipSync, type Zippable } from "fflate";

/** A skill's files as a zip, in a folder of its name, as the standard wants it. The same files give the same bytes. */
export function writeZip(name: string, files: readonly { path: string; bytes: Uint8Array }[]): Uint8Array<ArrayBuffer> {
  const entries: Zippable = Object.create(null);
  // The first day that a zip can hold: when it is made must not change its bytes.
  for (const { path, bytes } of files) entries[`${name}/${path}`] = [bytes, { mtime: new Date(1980, 0, 1) }];
  const zip = zipSync(entries, { level: 6 });
  return zip.buffer instanceof ArrayBuffer ? new Uint8Array(zip.buffer, zip.byteOffset, zip.byteLength) : new Uint8Array(zip);
}
