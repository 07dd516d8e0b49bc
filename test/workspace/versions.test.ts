import { expect, test } from "vitest";
import { bytes, filesHome, USER } from "../support/files-home.ts";

test("FileStore lists versions without their texts, which together may be more than an object can hold", async () => {
  const { workspace, store, clock } = filesHome();
  for (const text of ["the first of them", "the second of them", "the third of them"])
    await workspace.write("/notes.txt", bytes(text), USER);
  const { id } = workspace.get("/notes.txt");
  const listed = [store.versions(id), store.outdated(clock.now + 1, 10), store.oldVersions(10)];
  expect(listed.map((versions) => versions.map(({ version }) => version))).toEqual([
    [3, 2, 1],
    [1, 2],
    [1, 2],
  ]);
  expect(JSON.stringify(listed)).not.toContain("of them");
});
