import type { SearchEntry } from "../../../src/memory/search.ts";

/** A question and the one entry that answers it. */
export interface RecallQuestion {
  text: string;
  answer: string;
}

export interface RecallData {
  entries: SearchEntry[];
  questions: RecallQuestion[];
}

/** mulberry32: the same numbers everywhere. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const split = (text: string): string[] => text.split(" ");
const PEOPLE = split(
  "Ada Ben Clara Dmitri Elena Farid Greta Hugo Ines Jonas Kaya Leon Mira Nils Olga Pavel Quinn Rosa Samir Tove Umar Vera Wanda Xavier Yara Zoltan Anouk Bruno Chidi Dagny",
);
const PLACES = split(
  "Oslo Lisbon Berlin Kyoto Nairobi Quito Dublin Riga Bergen Porto Vienna Lyon Krakow Athens Tallinn Geneva Seville Malmo Basel Turin Graz Bilbao Cork Ghent",
);
const THINGS = split(
  "bicycle guitar tent camera kayak sofa telescope piano drone lamp carpet violin printer kettle bookshelf canoe microscope saddle easel loom anvil trumpet globe hammock",
);

type Facts = { person: string; place: string; thing: string; number: number };
/** What was said, and two questions: one with most of its words, one that says the same in others. Neither says where, so several entries come near. */
const TOPICS: readonly { said(facts: Facts): string; asked: readonly ((facts: Facts) => string)[] }[] = [
  {
    said: ({ person, place, thing, number }) => `${person} bought a used ${thing} in ${place} for ${number} euros.`,
    asked: [
      ({ person, thing }) => `Where did ${person} buy the ${thing}?`,
      ({ person, thing }) => `What was the price that ${person} paid for a ${thing}?`,
    ],
  },
  {
    said: ({ person, place, thing }) => `${person} teaches children how to repair a ${thing} at a workshop in ${place}.`,
    asked: [
      ({ person, thing }) => `Where is the workshop in which ${person} repairs the ${thing}?`,
      ({ person, thing }) => `Does ${person} give lessons to kids about fixing a ${thing}?`,
    ],
  },
  {
    said: ({ person, place, thing, number }) => `The doctor told ${person} in ${place} to stop carrying the ${thing} for ${number} days.`,
    asked: [
      ({ person, thing }) => `For how many days must ${person} stop carrying the ${thing}?`,
      ({ person, thing }) => `What did the physician say to ${person} about lifting the ${thing}?`,
    ],
  },
  {
    said: ({ person, place, thing, number }) => `${person} keeps the spare key of the ${place} flat under the ${thing}, code ${number}.`,
    asked: [
      ({ person, thing }) => `Which spare key does ${person} keep under the ${thing}?`,
      ({ person, thing }) => `How do I get into the apartment of ${person}, by the ${thing}?`,
    ],
  },
  {
    said: ({ person, place, thing }) => `${person} gave a ${thing} to a friend for the wedding in ${place}.`,
    asked: [
      ({ person, thing }) => `At whose wedding did ${person} give a ${thing}?`,
      ({ person, thing }) => `Which gift, a ${thing}, did ${person} bring to the marriage?`,
    ],
  },
];

const NOW = Date.UTC(2026, 10, 1);
const DAY = 86_400_000;

/** `count` memories, each of its own facts, and questions about some of them. Deterministic. At most 80,000. */
export function recallData(count: number, questions: number): RecallData {
  const next = random(7);
  const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;
  const entries: SearchEntry[] = [];
  const asked: RecallQuestion[] = [];
  const every = Math.max(1, Math.floor(count / questions));
  for (let index = 0; index < count; index++) {
    // A walk through all combinations without repeats: the step shares no factor with their number.
    const place = (index * 7_919) % (TOPICS.length * PEOPLE.length * PLACES.length * THINGS.length);
    const topic = pick(TOPICS, place);
    const facts: Facts = {
      person: pick(PEOPLE, Math.floor(place / TOPICS.length)),
      place: pick(PLACES, Math.floor(place / TOPICS.length / PEOPLE.length)),
      thing: pick(THINGS, Math.floor(place / TOPICS.length / PEOPLE.length / PLACES.length)),
      number: 10 + Math.floor(next() * 900),
    };
    const id = `m${index}`;
    entries.push({ space: "memory", id, text: topic.said(facts), group: null, position: 0, at: NOW - Math.floor(next() * 700) * DAY });
    if (index % every === 0 && asked.length < questions) asked.push({ text: pick(topic.asked, asked.length)(facts), answer: id });
  }
  return { entries, questions: asked };
}

/** `count` pieces of documents, about 900 characters each, of words as common as words are. Deterministic. */
export function chunkData(count: number): { entries: SearchEntry[]; questions: string[] } {
  const next = random(11);
  const syllables = split("ba ke li mo nu ra se ti vo zu dan fer gol hin jas kor lum mar nel pos");
  const words = Array.from({ length: 20_000 }, () =>
    Array.from({ length: 2 + Math.floor(next() * 2) }, () => syllables[Math.floor(next() * syllables.length)] ?? "").join(""),
  );
  // Zipf's law, roughly.
  const word = (): string => words[Math.floor(words.length ** next()) - 1] ?? "ba";
  const entries = Array.from({ length: count }, (_, index): SearchEntry => ({
    space: "knowledge",
    id: `c${index}`,
    text: Array.from({ length: 130 }, word).join(" "),
    heading: `Part ${index % 40}`,
    group: `d${Math.floor(index / 40)}`,
    position: index % 40,
    at: null,
  }));
  return { entries, questions: Array.from({ length: 100 }, () => Array.from({ length: 6 }, word).join(" ")) };
}
