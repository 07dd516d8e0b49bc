import { ApiError } from "../api/api-error.ts";

/** A file as a person picked or dropped it, and its name; one that came within a folder begins with that: `trip/day 1/map.png`. */
export interface PickedFile {
  file: File;
  name: string;
}

/** As many as are taken at once: a folder may hold a whole disk. */
export const MOST_PICKED = 2_000;

/** What systems leave in folders, and no person put there. */
const LEFT_BY_SYSTEMS = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

const tooMany = (): ApiError =>
  new ApiError(
    "payload_too_large",
    `These are more than ${MOST_PICKED.toLocaleString("en")} files, too many at once. Take a part of them.`,
    0,
  );

/** What was chosen in a picker, of files or of a folder. Throws an ApiError where that is too much. */
export function pickedFiles(files: Iterable<File>): PickedFile[] {
  const picked = [...files].map((file) => ({ file, name: file.webkitRelativePath === "" ? file.name : file.webkitRelativePath }));
  const wanted = picked.filter(({ file, name }) => !name.includes("/") || !LEFT_BY_SYSTEMS.has(file.name));
  if (wanted.length > MOST_PICKED) throw tooMany();
  return wanted;
}

/** What was dropped, with all that is in its folders, but for folders of these names. To be called while the drop is handled: later there is nothing in it. Rejects with an ApiError where that is too much. */
export async function droppedFiles(
  { items, files }: Pick<DataTransfer, "items" | "files">,
  without: ReadonlySet<string> = new Set(),
): Promise<PickedFile[]> {
  const entries = [...items].flatMap((item) => (item.kind === "file" ? [item.webkitGetAsEntry()] : []));
  const plain = [...files];
  // A browser that cannot look into folders gives the files all the same.
  if (entries.some((entry) => entry === null)) return pickedFiles(plain);
  const picked: PickedFile[] = [];
  const open = entries.flatMap((entry) => (entry === null ? [] : [{ entry, name: entry.name }])).toReversed();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { entry, name } = next;
    if (isFile(entry)) {
      // One after the other: a drop may hold thousands.
      // eslint-disable-next-line no-await-in-loop
      if (name === entry.name || !LEFT_BY_SYSTEMS.has(entry.name)) picked.push({ file: await fileOf(entry), name });
    } else if (isFolder(entry) && !without.has(entry.name)) {
      // eslint-disable-next-line no-await-in-loop
      for (const child of (await entriesIn(entry)).toReversed()) open.push({ entry: child, name: `${name}/${child.name}` });
    }
    if (picked.length + open.length > MOST_PICKED) throw tooMany();
  }
  return picked;
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

const fileOf = (entry: FileSystemFileEntry): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject));

/** Browsers give the entries of a folder a hundred at a time, until they give none. */
async function entriesIn(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    // eslint-disable-next-line no-await-in-loop
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0 || all.length > MOST_PICKED) return all;
    all.push(...some);
  }
}
