import type { Arrival } from "../api/skills.ts";
import type { PickedFile } from "../lib/dropped-files.ts";

/** A file that was dropped within a folder, as one of a folder that was chosen is. */
export const withWay = ({ file, name }: PickedFile): File =>
  name === file.name ? file : Object.defineProperty(file, "webkitRelativePath", { value: name });

/** What chosen or dropped files are as a skill: one zip, or the files of a folder with a SKILL.md in it. Null: neither. */
export function arrivalOf(files: readonly File[]): Arrival | null {
  const [first] = files;
  if (first === undefined) return null;
  if (files.length === 1 && isZip(first)) return { kind: "zip", file: first };
  const paths = files.map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  return paths.some(({ path }) => /(?:^|\/)skill\.md$/iu.test(path)) ? { kind: "files", files: paths } : null;
}

const isZip = ({ name, type }: File): boolean => /\.(?:zip|skill)$/iu.test(name) || type === "application/zip";

/** Bytes that are sent. */
export function sizeOf(arrival: Arrival): number {
  if (arrival.kind === "zip") return arrival.file.size;
  return arrival.kind === "files" ? arrival.files.reduce((sum, { file }) => sum + file.size, 0) : 0;
}

/** An address as it was typed or copied, also without its beginning: `github.com/…`. */
export function addressOf(typed: string): string {
  const address = typed.trim();
  return /^[a-z][a-z0-9+.-]*:/iu.test(address) ? address : `https://${address}`;
}
