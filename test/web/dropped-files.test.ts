import { describe, expect, it } from "vitest";
import { droppedFiles, MOST_PICKED, pickedFiles } from "../../src/web/lib/dropped-files.ts";

type Tree = { [name: string]: Tree | string };

/** An entry as a browser gives it: the children of a folder come in parts. */
function entryOf(name: string, content: Tree | string): FileSystemEntry {
  const about = { name, fullPath: `/${name}`, filesystem: { name: "", root: null as never }, getParent: () => {} };
  if (typeof content === "string") {
    const file = new File([content], name);
    const one: FileSystemFileEntry = { ...about, isFile: true, isDirectory: false, file: (done) => done(file) };
    return one;
  }
  const folder: FileSystemDirectoryEntry = {
    ...about,
    isFile: false,
    isDirectory: true,
    getFile: () => {},
    getDirectory: () => {},
    createReader: () => {
      const left = Object.entries(content).map(([child, inner]) => entryOf(child, inner));
      return { readEntries: (done) => done(left.splice(0, 2)) };
    },
  };
  return folder;
}

const drop = (tree: Tree) => {
  const entries = Object.entries(tree).map(([name, content]) => entryOf(name, content));
  const items = entries.map((entry) => ({ kind: "file", webkitGetAsEntry: () => entry }));
  return droppedFiles({ items, files: [] } as never);
};

describe("droppedFiles()", () => {
  it("gives all files of the folders that were dropped, with the way to each, and nothing that a system left there", async () => {
    const picked = await drop({
      "a.txt": "a",
      trip: { "1.txt": "1", ".DS_Store": "", "day 1": { "map.png": "m", "Thumbs.db": "" }, "2.txt": "2", empty: {} },
    });
    expect(picked.map(({ name }) => name)).toEqual(["a.txt", "trip/1.txt", "trip/day 1/map.png", "trip/2.txt"]);
    expect(await Promise.all(picked.map(async ({ file }) => file.text()))).toEqual(["a", "1", "m", "2"]);
  });

  it("refuses more than anybody means to send", async () => {
    const many = Object.fromEntries(Array.from({ length: MOST_PICKED + 1 }, (_, index) => [`${index}`, ""]));
    await expect(drop({ many })).rejects.toMatchObject({ code: "payload_too_large" });
  });
});

describe("pickedFiles()", () => {
  it("names a file of a chosen folder by the way to it, and any other by its name", () => {
    const chosen = (name: string, webkitRelativePath: string): File =>
      Object.defineProperties(new File([], name), { webkitRelativePath: { value: webkitRelativePath } });
    const files = [chosen("map.png", "trip/day 1/map.png"), chosen(".DS_Store", "trip/.DS_Store"), chosen("a.txt", "")];
    expect(pickedFiles(files).map(({ name }) => name)).toEqual(["trip/day 1/map.png", "a.txt"]);
  });
});
