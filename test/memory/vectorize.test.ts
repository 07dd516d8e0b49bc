import { expect, test } from "vitest";
import { ObjectSearchIndex } from "../../src/db/object/search-index.ts";
import { localEmbedder } from "../../src/memory/embedders/local.ts";
import type { SearchEntry } from "../../src/memory/search.ts";
import { VectorizeVectors } from "../../src/memory/vectors/vectorize.ts";
import { FakeVectorize } from "../support/fake-vectorize.ts";
import { objectStorage } from "../support/object-storage.ts";

const entry = (id: string, text: string): SearchEntry => ({ space: "memory", id, text, group: null, position: 0, at: null });
const user = (binding: FakeVectorize, userId: string) =>
  new ObjectSearchIndex({ sql: objectStorage().sql, embedder: () => localEmbedder, vectors: new VectorizeVectors(binding, userId) });
const find = async (index: ObjectSearchIndex, text: string, mode: "vector" | "hybrid" = "vector") =>
  (await index.search({ text, spaces: ["memory"], limit: 5, now: 0, timeZone: "UTC", mode })).map(({ id }) => id);

test("VectorizeVectors keeps users apart who have the same ids", async () => {
  const binding = new FakeVectorize();
  const [ada, ben] = [user(binding, "user-ada"), user(binding, "user-ben")];
  ada.put([entry("1", "My daughter plays the violin.")]);
  ben.put([entry("1", "The violin teacher moved to Bergen.")]);
  await ada.embed(10);
  await ben.embed(10);
  binding.settle();
  expect(binding.stored.size).toBe(2);
  expect(new Set([...binding.stored.values()].map(({ namespace }) => namespace))).toEqual(new Set(["user-ada", "user-ben"]));
  expect(await find(ada, "violin lessons")).toEqual(["1"]);
});

test("VectorizeVectors drops a hit of a foreign namespace, of another embedder, and without a row", async () => {
  const binding = new FakeVectorize();
  const ada = user(binding, "user-ada");
  ada.put([entry("1", "My daughter plays the violin."), entry("2", "Rent is due on Friday.")]);
  await ada.embed(10);
  binding.settle();
  const stored = [...binding.stored.values()].find(({ metadata }) => metadata?.["row"] === 2);
  const metadata = stored?.metadata ?? {};
  binding.stored.clear();
  binding.hits = [
    { id: "a", score: 1, namespace: "user-ben", metadata },
    { id: "b", score: 1, metadata },
    { id: "c", score: 1, namespace: "user-ada", metadata: { ...metadata, embedder: "other" } },
    { id: "d", score: 1, namespace: "user-ada", metadata: { ...metadata, row: 99 } },
    { id: "e", score: 1, namespace: "user-ada", metadata: { ...metadata, key: "memory:2:0000" } },
    { id: "f", score: 1, namespace: "user-ada", metadata: { ...metadata, row: 1 } },
  ];
  expect(await find(ada, "music")).toEqual([]);
  binding.hits = [{ id: "g", score: 1, namespace: "user-ada", metadata }];
  expect(await find(ada, "music")).toEqual(["2"]);
});

test("ObjectSearchIndex does not show what was deleted or changed while Vectorize still has it, and deletes it there with the next embed()", async () => {
  const binding = new FakeVectorize();
  const ada = user(binding, "user-ada");
  ada.put([entry("1", "My daughter plays the violin."), entry("2", "Rent is due on Friday.")]);
  await ada.embed(10);
  binding.settle();
  ada.delete("memory", ["1"]);
  ada.put([entry("2", "Rent is due on Monday.")]);
  expect(await find(ada, "violin")).toEqual([]);
  expect(binding.stored.size).toBe(2);
  expect(await ada.embed(10)).toEqual({ done: 1, left: 0 });
  binding.settle();
  expect([...binding.stored.values()].map(({ metadata }) => metadata?.["row"])).toEqual([3]);
});

test("ObjectSearchIndex answers by words when Vectorize fails or does not answer in time", async () => {
  const binding = new FakeVectorize();
  const ada = user(binding, "user-ada");
  ada.put([entry("1", "My daughter plays the violin.")]);
  binding.query = () => Promise.reject(new Error("VECTOR_QUERY_ERROR (code = 10000): unavailable"));
  expect(await find(ada, "violin", "hybrid")).toEqual(["1"]);
  binding.query = () => new Promise(() => {});
  const hits = await ada.search({ text: "violin", spaces: ["memory"], limit: 5, now: 0, timeZone: "UTC", waitMs: 5 });
  expect(hits).toMatchObject([{ id: "1", why: ["words"] }]);
});
