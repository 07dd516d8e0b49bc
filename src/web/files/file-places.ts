import { encodedPath, fileHref } from "../../workspace/named-path.ts";

export { fileHref };

/** A place among the files: a folder, one file, what is shared, what was deleted. */
export type FilePlace = { kind: "folder"; path: string } | { kind: "file"; path: string } | { kind: "links" } | { kind: "deleted" };

/** All of these are one page, so that uploads go on while one looks around. */
export const folderHref = (path: string): string => (path === "/" ? "/files" : `/files?path=${encodedPath(path)}`);
export const LINKS_HREF = "/files?show=links";
export const DELETED_HREF = "/files?show=deleted";

/** The place that an address names; whatever it does not know is the root. */
export function placeOf(params: URLSearchParams): FilePlace {
  const file = params.get("file");
  if (file !== null && file !== "") return { kind: "file", path: absolute(file) };
  const show = params.get("show");
  if (show === "links" || show === "deleted") return { kind: show };
  return { kind: "folder", path: absolute(params.get("path") ?? "/") };
}

const absolute = (path: string): string => (path.startsWith("/") ? path : `/${path}`);
