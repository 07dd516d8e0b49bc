import { readFile, readdir } from "node:fs/promises";
import { expect, test } from "vitest";

const folder = new URL("../../migrations/", import.meta.url);

test("migrations/index.ts lists every .sql file of the folder, in order", async () => {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  const index = await readFile(new URL("index.ts", folder), "utf8");
  const imported = [...index.matchAll(/from "\.\/(.+\.sql)"/g)].map((match) => match[1]);
  const listed = [...index.matchAll(/name: "(.+?\.sql)"/g)].map((match) => match[1]);
  expect(imported).toEqual(files);
  expect(listed).toEqual(files);
});

test("migration files are numbered from 0001 without a gap", async () => {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  expect(files.map((name) => Number(name.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
});
