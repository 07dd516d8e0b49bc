/** Numbers that come in the same order in every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One field: how it is written, and the numbers that are meant, known without reading it. `free`: a bare `*`. */
interface Field {
  text: string;
  numbers: ReadonlySet<number>;
  free: boolean;
  star: boolean;
}

/** A cron line made up together with what it means. */
export interface RandomCron {
  expression: string;
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  /** A `*` in minute or hour. */
  frequent: boolean;
  /** Whether a day counts. `day` as if it were UTC, in days since 1970. */
  isDay(day: number): boolean;
}

export function randomCron(random: () => number): RandomCron {
  const int = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[int(0, items.length - 1)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  };
  const all = (from: number, to: number, step = 1): number[] =>
    Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
  const name = (number: number, names: readonly string[] | undefined, from: number): string =>
    names && random() < 0.4 ? pick([names[number - from] ?? "", (names[number - from] ?? "").toUpperCase()]) : String(number);

  function field(from: number, to: number, share: number, names?: readonly string[]): Field {
    if (random() < share) return { text: "*", numbers: new Set(all(from, to)), free: true, star: true };
    switch (int(0, 4)) {
      case 0: {
        const step = int(2, Math.min(20, to - from));
        return { text: `*/${step}`, numbers: new Set(all(from, to, step)), free: false, star: true };
      }
      case 1: {
        const [low, high] = [int(from, to), int(from, to)].sort((a, b) => a - b) as [number, number];
        return { text: `${name(low, names, from)}-${name(high, names, from)}`, numbers: new Set(all(low, high)), free: false, star: false };
      }
      case 2: {
        const low = int(from, to);
        const high = int(low, to);
        const step = int(1, 5);
        return { text: `${low}-${high}/${step}`, numbers: new Set(all(low, high, step)), free: false, star: false };
      }
      case 3: {
        const numbers = all(1, int(2, 4)).map(() => int(from, to));
        return { text: numbers.map((number) => name(number, names, from)).join(","), numbers: new Set(numbers), free: false, star: false };
      }
      default: {
        const number = int(from, to);
        return { text: name(number, names, from), numbers: new Set([number]), free: false, star: false };
      }
    }
  }

  const minute = random() < 0.5 ? field(0, 59, 0) : single(int(0, 59));
  // Hours in which zones change their clocks come often.
  const hour = random() < 0.35 ? single(pick([0, 1, 2, 3, 23])) : field(0, 23, 0.25);
  const month = field(1, 12, 0.8, MONTHS);
  const days = random();
  const dom = days < 0.3 ? field(1, 31, 0.1) : free(1, 31);
  let dow = days > 0.2 && days < 0.65 ? field(0, 6, 0.1, DAYS) : free(0, 6);
  if (dow.text === "0") dow = { ...dow, text: "7" };
  const special = random();
  let isDayOfMonth = (date: Date): boolean => dom.numbers.has(date.getUTCDate());
  let isDayOfWeek = (date: Date): boolean => dow.numbers.has(date.getUTCDay());
  let [domText, dowText] = [dom.text, dow.text];
  const lastDay = (date: Date): number => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  if (special < 0.05 && !dom.free) {
    domText = "L";
    isDayOfMonth = (date) => date.getUTCDate() === lastDay(date);
  } else if (special < 0.15 && !dow.free) {
    const weekday = int(0, 6);
    const nth = int(1, 5);
    dowText = nth === 5 ? `${weekday}L` : `${DAYS[weekday]}#${nth}`;
    isDayOfWeek = (date) =>
      date.getUTCDay() === weekday && (nth === 5 ? date.getUTCDate() + 7 > lastDay(date) : Math.ceil(date.getUTCDate() / 7) === nth);
  }
  return {
    expression: `${minute.text} ${hour.text} ${domText} ${month.text} ${dowText}`,
    minutes: minute.numbers,
    hours: hour.numbers,
    frequent: minute.star || hour.star,
    isDay(day) {
      const date = new Date(day * 86_400_000);
      if (!month.numbers.has(date.getUTCMonth() + 1)) return false;
      if (!dom.free && !dow.free) return isDayOfMonth(date) || isDayOfWeek(date);
      return isDayOfMonth(date) && isDayOfWeek(date);
    },
  };

  function single(number: number): Field {
    return { text: String(number), numbers: new Set([number]), free: false, star: false };
  }
  function free(from: number, to: number): Field {
    return { text: "*", numbers: new Set(all(from, to)), free: true, star: true };
  }
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
