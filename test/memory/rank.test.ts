import { describe, expect, test } from "vitest";
import { scaled } from "../../src/memory/fusion.ts";
import { type Candidate, rank } from "../../src/memory/rank.ts";
import { coverage } from "../../src/memory/rank-coverage.ts";
import { supported } from "../../src/memory/rank-groups.ts";
import { termText, wordScorer, wordTuning } from "../../src/memory/rank-words.ts";
import { analyzeQuery } from "../../src/memory/query.ts";
import { cosineOf, quantise, signatureOf, bitCount } from "../../src/memory/vector-code.ts";
import { fitVector } from "../../src/memory/embedder.ts";
import { random } from "../bench/recall/data.ts";

const candidate = (id: string, more: Partial<Candidate> = {}): Candidate => ({
  row: Number(id),
  space: "memory",
  id,
  group: null,
  position: 0,
  at: null,
  words: 0,
  found: [],
  meaning: null,
  terms: id,
  ...more,
});
const ids = (candidates: Candidate[], query: Partial<Parameters<typeof rank>[1]> = {}): string[] =>
  rank(candidates, { mode: "hybrid", now: 1_000, range: null, ...query }).map((one) => one.candidate.id);

describe("rank()", () => {
  test("leaves out what nothing speaks for, and takes words and meaning together before either", () => {
    const all = [
      candidate("1", { words: 2 }),
      candidate("2", { meaning: 0.8 }),
      candidate("3", { words: 2, meaning: 0.8 }),
      candidate("4"),
    ];
    expect(ids(all)).toEqual(["3", "1", "2"]);
    expect(ids(all, { mode: "lexical" })).toEqual(["1", "3"]);
    expect(ids(all, { mode: "vector" })).toEqual(["2", "3"]);
  });

  test("prefers the newer of equals, and the time that was asked about to that", () => {
    const all = [candidate("1", { words: 1, at: 100 }), candidate("2", { words: 1, at: 900 }), candidate("3", { words: 1, at: 500 })];
    expect(ids(all)).toEqual(["2", "3", "1"]);
    expect(ids(all, { range: { from: 50, to: 150 } })[0]).toBe("1");
  });

  test("lets the same words again wait", () => {
    const all = [candidate("1", { words: 3, terms: "x" }), candidate("2", { words: 3, terms: "x" }), candidate("3", { words: 1 })];
    expect(ids(all)).toEqual(["1", "3", "2"]);
  });
});

test("rank() prefers, of equal parts, the one whose group has more of the question's words", () => {
  const part = (id: string, group: string, found: number[], words: number) =>
    candidate(id, { space: "archive", group, position: Number(id) * 10, found, words });
  const all = [
    part("1", "a", [0], 1),
    part("2", "b", [0], 1),
    part("3", "b", [1], 0.01),
    part("4", "a", [0], 0.01),
    part("5", "c", [2], 0.01),
  ];
  expect(ids(all).slice(0, 2)).toEqual(["2", "1"]);
  expect(ids(all.map((one) => ({ ...one, group: null })))[0]).toBe("1");
});

describe("coverage()", () => {
  const entry = (group: string | null, found: number[], space = "archive") => ({ space, group, found });

  test("adds up the terms of a group, whichever of its entries has them, and more of the same term less", () => {
    const [split, , whole, repeated, , one] = coverage([
      entry("split", [0]),
      entry("split", [1]),
      entry("whole", [0, 1]),
      entry("repeated", [0]),
      entry("repeated", [0]),
      entry("one", [0]),
      entry("none", []),
      entry("other", [2]),
    ]);
    expect(split).toBe(whole);
    expect(split).toBeGreaterThan(repeated ?? 0);
    expect(repeated).toBeGreaterThan(one ?? 0);
    expect(one).toBeGreaterThan(0);
  });

  test("weighs a term by how few groups have it", () => {
    const [common, rare] = coverage([entry("a", [0]), entry("b", [1]), entry("c", [0]), entry("d", [0])]);
    expect(rare).toBeGreaterThan(common ?? 0);
  });

  test("takes what stands alone for a group of one, groups of two spaces for two, and gives pieces of documents nothing", () => {
    const [alone, other, document, memory] = coverage([
      entry(null, [0]),
      entry(null, [1]),
      entry("g", [0, 1], "knowledge"),
      entry("g", [0, 1], "memory"),
      entry("g", [2]),
    ]);
    expect(alone).toBe(other);
    expect(memory).toBeGreaterThan(alone ?? 0);
    expect(document).toBe(0);
    expect(coverage([])).toEqual([]);
  });

  test("says nothing where everything stands alone", () => {
    expect(coverage([entry(null, [0]), entry(null, [0, 1])])).toEqual([0, 0]);
  });
});

test("supported() gives neighbours and groups their share, and what stands alone nothing", () => {
  const at = (group: string | null, position: number) => ({ space: "archive", group, position });
  const [alone, first, beside, far] = supported([at(null, 0), at("g", 0), at("g", 1), at("g", 9)], [1, 1, 0, 0]);
  expect(alone).toBe(1);
  expect(first).toBeGreaterThan(beside ?? 0);
  expect(beside).toBeGreaterThan(far ?? 0);
  expect(far).toBeGreaterThan(0);
});

test("wordScorer() scores rare words, repeats, short texts, pairs and phrases higher", () => {
  const collection = {
    entries: 100,
    length: 1_000,
    frequency: new Map([
      ["rare", 2],
      ["often", 60],
      ["dog", 10],
      ["walk", 10],
    ]),
  };
  const score = (question: string, text: string): number => {
    const terms = text.split(" ");
    return wordScorer(analyzeQuery(question), collection)(termText([], terms), terms.length).score;
  };
  expect(score("rare often", "rare x")).toBeGreaterThan(score("rare often", "often x"));
  expect(score("rare", "rare rare x")).toBeGreaterThan(score("rare", "rare y x"));
  expect(score("rare", "rare")).toBeGreaterThan(score("rare", `rare ${"x ".repeat(50).trim()}`));
  expect(score("dog walk", "dog walk x")).toBeGreaterThan(score("dog walk", "dog x walk"));
  expect(score('"dog walk"', "dog walk x")).toBeGreaterThan(score("dog walk", "dog walk x"));
  expect(score("nothing", "dog")).toBe(0);
  expect(wordTuning({ entries: 10, length: 1_000 }).b).toBeGreaterThan(wordTuning({ entries: 10, length: 100 }).b);
});

test("wordScorer() tells which of the question's terms an entry has, by their places", () => {
  const query = analyzeQuery("zebra green boat");
  const score = wordScorer(query, { entries: 9, length: 90, frequency: new Map(query.terms.map(({ term }) => [term, 1])) });
  expect(score(termText([], ["boat", "x", "zebra"]), 3).found).toEqual([0, 2]);
  expect(score(termText(["green"], ["x"]), 2).found).toEqual([1]);
  expect(score(termText([], ["x"]), 1)).toEqual({ score: 0, found: [] });
});

test("scaled() makes the best 1 and what is unknown or at the floor 0", () => {
  expect(scaled([4, null, 2, -1], 0)).toEqual([1, 0, 0.5, 0]);
  expect(scaled([0.9, 0.5, 0.7], 0.5).map((score) => Number(score.toFixed(2)))).toEqual([1, 0, 0.5]);
  expect(scaled([], 0)).toEqual([]);
});

test("quantise() keeps cosines, and signatureOf() their order of magnitude", () => {
  const next = random(3);
  const vector = () => fitVector(Array.from({ length: 1_024 }, () => next() - 0.5));
  const [a, b] = [vector(), vector()];
  const exact = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  expect(cosineOf(a, quantise(b))).toBeCloseTo(exact, 2);
  expect(cosineOf(a, quantise(a))).toBeCloseTo(1, 2);
  const other = signatureOf(b);
  const bits = signatureOf(a).reduce((sum, word, index) => sum + bitCount(word ^ (other[index] ?? 0)), 0);
  expect(Math.abs(bits / 1_024 - Math.acos(exact) / Math.PI)).toBeLessThan(0.08);
});
