import type { Todo } from "./todo.ts";

/** Lower case, without accents: how titles are compared. */
export const fold = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();

/** Words that point at a to-do without naming it ("the video one", "my milk task"). */
const POINTING = new Set(
  "the a an my that this one ones task tasks todo todos to-do to-dos item entry thing about called named".split(" "),
);

const wordsOf = (text: string): string[] => fold(text).match(/[\p{L}\p{N}][\p{L}\p{N}'-]*/gu) ?? [];

/** Whether every word of the search starts a word of the title or notes, or stands in them. */
export function matchesSearch(todo: Pick<Todo, "title" | "notes">, search: string): boolean {
  const text = fold(`${todo.title}\n${todo.notes}`);
  return fold(search)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The to-dos whose title the words fit best: the same title, else every word begins a word of it. */
export function matchTitle<T extends Pick<Todo, "title">>(todos: readonly T[], words: string): T[] {
  const wanted = fold(words).trim().replace(/\s+/g, " ");
  const same = todos.filter((todo) => fold(todo.title).replace(/\s+/g, " ") === wanted);
  if (same.length > 0) return same;
  const all = wordsOf(words);
  const naming = all.filter((word) => !POINTING.has(word));
  const needed = naming.length > 0 ? naming : all;
  if (needed.length === 0) return wanted === "" ? [] : todos.filter((todo) => fold(todo.title).includes(wanted));
  return todos.filter((todo) => {
    const title = wordsOf(todo.title);
    return needed.every((word) => title.some((candidate) => candidate.startsWith(word)));
  });
}
