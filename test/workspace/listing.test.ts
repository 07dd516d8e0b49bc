import { expect, test } from "vitest";
import { FileQuery } from "../../src/workspace/shapes.ts";
import { bytes, filesHome, USER } from "../support/files-home.ts";

const ASK = { path: "/", search: "", state: "current", limit: 100 } as const;

async function home(...paths: string[]) {
  const made = filesHome();
  for (const path of paths) await made.workspace.write(path, bytes("x"), USER);
  return made;
}

test("listing() sorts names as people do", async () => {
  const { workspace } = await home("/Part 10.txt", "/part 2.txt", "/B/1.txt", "/a/1.txt", "/Zoo.txt", "/öl.txt");
  const { folders, files } = workspace.list(ASK);
  expect(folders.map(({ name }) => name)).toEqual(["a", "B"]);
  expect(files.map(({ name }) => name)).toEqual(["öl.txt", "part 2.txt", "Part 10.txt", "Zoo.txt"]);
});

test("listing() does not call a file an empty folder", async () => {
  const { workspace } = await home("/a/1.txt");
  expect(() => workspace.list({ ...ASK, path: "/a/1.txt" })).toThrow("/a/1.txt is a file, not a folder.");
});

test("what is asked for as a file and is a folder is said to be one", async () => {
  const { workspace } = await home("/a/1.txt");
  expect(() => workspace.get("/a")).toThrow("/a is a folder, not a file.");
});

test("Workspace.delete() deletes all of a folder in one moment", async () => {
  const made = await home("/a/1.txt", "/a/2.txt");
  const { workspace, clock, deps } = made;
  const now = deps.now;
  Object.assign(deps, { now: () => ((clock.now += 1), now()) });
  const deleted = workspace.delete("/a", USER);
  expect(new Set(deleted.map((file) => file.deleted_at)).size).toBe(1);
  expect(workspace.list({ ...ASK, state: "deleted" }).files.map(({ path }) => path)).toEqual(["/a/1.txt", "/a/2.txt"]);
});

test("listing() tells all files of a folder where they are asked for", async () => {
  const { workspace } = filesHome();
  for (let n = 0; n < 1_001; n++) await workspace.write(`/many/${n}.txt`, bytes("x"), USER);
  const all = workspace.list(FileQuery.parse({ path: "/many", limit: "10000" }));
  expect([all.files.length, all.more]).toEqual([1_001, false]);
});
