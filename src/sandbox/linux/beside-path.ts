import { folderOf, nameOf } from "../../workspace/path.ts";

/** Where a version goes that has no place of its own any more: `/a.txt` → `/a (from sandbox).txt`, then `/a (from sandbox 2).txt`. */
export function besidePath(path: string, isFree: (path: string) => boolean): string {
  const folder = folderOf(path);
  const name = nameOf(path);
  const dot = name.lastIndexOf(".");
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  for (let number = 1; ; number++) {
    const mark = number === 1 ? "from sandbox" : `from sandbox ${number}`;
    const beside = `${folder === "/" ? "" : folder}/${stem} (${mark})${extension}`;
    if (isFree(beside) || number > 1_000) return beside;
  }
}
