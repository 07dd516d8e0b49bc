/** Folders that programs put beside files: nobody means them, and they can hold very many. */
const BESIDE = new Set([".git", "node_modules", "__MACOSX"]);
/** More files than anything takes that is dropped here: whoever drops their whole disk waits no longer for the refusal. */
const MOST = 5_000;

/**
 * What was dropped, with the files of its folders under their paths, as a folder that is chosen gives them. To be called at once: when the event is over, nobody gives the folders away any more.
 */
export async function droppedFiles({ items, files }: DataTransfer): Promise<File[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (!entries.some(({ isDirectory }) => isDirectory)) return [...files];
  const found: File[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

// Not every browser has their classes.
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

async function walk(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (found.length >= MOST) return;
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push(Object.defineProperty(file, "webkitRelativePath", { value: entry.fullPath.replace(/^\//u, "") }));
  } else if (isFolder(entry) && !BESIDE.has(entry.name)) {
    const reader = entry.createReader();
    for (;;) {
      // Browsers give some at a time, and none when there are no more.
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return;
      for (const one of some) await walk(one, found);
    }
  }
}
