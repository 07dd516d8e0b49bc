import type { FileStore } from "../db/object/files.ts";
import { MargayError } from "../errors.ts";
import { nameOf, numbered } from "./path.ts";

/** Where files go that come with messages. */
export const UPLOADS = "/uploads";

/** Throws `conflict` where a file would take the place of a folder, or lie in one that is a file. */
export function checkFree(path: string, store: FileStore): void {
  if (path === UPLOADS || store.isFolder(path)) throw new MargayError("conflict", `${path} is a folder.`);
  const file = fileOnTheWay(path, store);
  if (file !== null) throw new MargayError("conflict", `${file} is a file, so nothing can be in it.`);
}

/** This path, or its name at the root where a folder on its way is a file by now. */
export const reachablePath = (path: string, store: FileStore): string => (fileOnTheWay(path, store) === null ? path : `/${nameOf(path)}`);

/** This path, or the first one beside it that is free. */
export function unusedPath(path: string, store: FileStore): string {
  const taken = (one: string): boolean => store.at(one) !== null || store.isFolder(one);
  let free = path;
  for (let number = 2; taken(free); number++) free = numbered(path, number);
  return free;
}

function fileOnTheWay(path: string, store: FileStore): string | null {
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1))
    if (store.at(path.slice(0, at))) return path.slice(0, at);
  return null;
}
