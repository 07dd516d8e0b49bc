import { MargayError } from "../errors.ts";
import { closest } from "./listing.ts";
import { MAX_FILE_BYTES, MAX_FILES } from "./shapes.ts";
import type { WorkspaceDeps } from "./workspace-deps.ts";

/** With what is called alike; a folder is not told to be nothing. */
export function missing(path: string, deps: Pick<WorkspaceDeps, "store">): MargayError {
  if (path !== "/" && deps.store.isFolder(path)) return new MargayError("not_found", `${path} is a folder, not a file.`);
  const like = closest(path, deps);
  if (like.length === 0) return new MargayError("not_found", `There is nothing at ${path}.`);
  // A name may be the word of whoever sent the file.
  const outside = like.some(({ untrusted }) => untrusted !== null) ? { untrusted: "names of files from outside" } : undefined;
  const names = like.map((file) => file.path).join(" or ");
  return new MargayError("not_found", `There is nothing at ${path}. Did you mean ${names}?`, outside);
}

export const tooLarge = (): MargayError =>
  new MargayError("payload_too_large", `A file may have at most ${MAX_FILE_BYTES / 1_048_576} MiB.`);

export const tooMany = (): MargayError =>
  new MargayError("payload_too_large", `There are ${MAX_FILES.toLocaleString("en")} files already, which is the most. Delete some first.`);
