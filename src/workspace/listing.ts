import { MargayError } from "../errors.ts";
import { fileView } from "./file-view.ts";
import { fits } from "./glob.ts";
import { folderPath, isWithin, nameOf } from "./path.ts";
import { type FileQuery, type FolderView, type Listing, MAX_FILES, type WorkspaceUsage } from "./shapes.ts";
import type { StoredFile } from "./stored-file.ts";
import { specialView } from "./special-file.ts";
import type { WorkspaceDeps } from "./workspace-deps.ts";

const NAMES = new Intl.Collator("en", { numeric: true });
/** As people sort names: `part 2` before `part 10`, and small letters among the large ones. */
const byName = (a: { name: string }, b: { name: string }): number => NAMES.compare(a.name, b.name);

type Deps = Pick<WorkspaceDeps, "store" | "quota" | "special">;

export const usage = ({ store, quota }: Pick<Deps, "store" | "quota">): WorkspaceUsage => ({
  ...store.usage(),
  most_bytes: quota(),
  most_files: MAX_FILES,
});

/** What is in a folder: its folders and files; with words to look for, the files that fit, at any depth. A folder that is not there is empty. */
export function listing({ path, search, state, limit }: FileQuery, deps: Deps): Listing {
  const folder = folderPath(path);
  if (state === "deleted") {
    const files = deps.store.deleted(limit + 1).map(fileView);
    return { path: folder, folders: [], files: files.slice(0, limit), more: files.length > limit, usage: usage(deps) };
  }
  const below = [
    ...deps.special.filter((file) => isWithin(file.path, folder)).map(specialView),
    ...deps.store.below(folder, MAX_FILES).map(fileView),
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  if (below.length === 0 && deps.store.at(folder) !== null) throw new MargayError("invalid_request", `${folder} is a file, not a folder.`);
  if (search !== "") {
    const found = below.filter((file) => fits(file.path, search));
    return { path: folder, folders: [], files: found.slice(0, limit), more: found.length > limit, usage: usage(deps) };
  }
  const prefix = folder === "/" ? "/" : `${folder}/`;
  const folders = new Map<string, FolderView>();
  const files = below.filter((file) => {
    const slash = file.path.indexOf("/", prefix.length);
    if (slash < 0) return true;
    const at = file.path.slice(0, slash);
    const known = folders.get(at) ?? { path: at, name: nameOf(at), files: 0, bytes: 0, from_outside: false };
    folders.set(at, {
      ...known,
      files: known.files + 1,
      bytes: known.bytes + file.size,
      from_outside: known.from_outside || file.untrusted !== null,
    });
    return false;
  });
  return {
    path: folder,
    folders: [...folders.values()].toSorted(byName).slice(0, limit),
    files: files.toSorted(byName).slice(0, limit),
    more: files.length > limit || folders.size > limit,
    usage: usage(deps),
  };
}

/** Files that are called alike, for who misspelt one. */
export function closest(path: string, { store }: Pick<WorkspaceDeps, "store">): StoredFile[] {
  const name = nameOf(path).toLowerCase();
  const stem = name.replace(/\.[^.]*$/, "");
  if (stem.length < 2) return [];
  const all = store.below("/", MAX_FILES);
  const same = all.filter((one) => nameOf(one.path).toLowerCase() === name);
  const alike = same.length > 0 ? same : all.filter((one) => nameOf(one.path).toLowerCase().includes(stem));
  return alike.slice(0, 3);
}
