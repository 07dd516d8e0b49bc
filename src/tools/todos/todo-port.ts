import type { Todo, TodoInput, TodoPatch, TodoQuery } from "./todo.ts";

/** The user's to-dos as tools see them. Refusals are thrown as {@link MargayError} with a sentence that says what would help. */
export interface TodoPort {
  /** Open ones first, the next due first; done ones by when they were done, newest first. */
  list(query: TodoQuery): Todo[];
  /** The place of each open to-do in the whole list, from 1, by id: the number a person sees. */
  numbers(): ReadonlyMap<string, number>;
  /**
   * The one to-do meant by a number shown, an id or its first 6 characters or more, or words of its title. Open ones come before done ones.
   * `not_found` where none fits, `conflict` naming the candidates where several do.
   */
  find(reference: string): Todo;
  /**
   * `key` makes it once: a second call with the same key gives the first one's to-do. `saidAt` (UTC milliseconds, now where it is left out) is the moment that
   * the words of a due date are said of. `tainted`: the call was written in a context with content from outside.
   */
  add(input: TodoInput, said?: { key?: string; saidAt?: number; tainted?: boolean }): Todo;
  update(id: string, patch: TodoPatch, said?: { saidAt?: number; tainted?: boolean }): Todo;
  /** It is kept for a while, out of every list, so that it can be taken back. */
  delete(id: string): Todo;
  /** As it is now; null: there is none, or it is deleted. */
  current(id: string): Todo | null;
  /** Puts a to-do back as it was, also a deleted one. */
  restore(before: Todo): Todo;
}

/** What to-do tools get as stores. */
export interface TodoStores {
  todos: TodoPort;
}
