import type { ListenerInput, ListenerView, TestResult } from "../../events/shapes.ts";

export const LISTENER_READ = "listener.read";
export const LISTENER_WRITE = "listener.write";

/** The call that makes or changes one. */
export interface ListenerSaid {
  /** Stable for this call, across retries: the same makes one. */
  key: string;
  /** The call was written in a context with content from outside. */
  tainted: boolean;
}

/** The user's listeners as tools see them. Refusals are thrown as `MargayError` with a sentence that says what would help. No secret comes by here. */
export interface ListenerPort {
  list(): ListenerView[];
  /** The one meant by its number, an id or its beginning, or words of its title. */
  find(reference: string): ListenerView;
  /** As it is now; null: there is none. */
  live(id: string): ListenerView | null;
  /** Made once by its key. Where content from outside was read before (`tainted`) it is made switched off, and the user is told. */
  add(input: ListenerInput, said: ListenerSaid): Promise<ListenerView>;
  /** `forbidden` to switch one on that content from outside had a part in. */
  setStatus(id: string, status: ListenerView["status"], said: ListenerSaid): ListenerView;
  delete(id: string, said: ListenerSaid): Promise<ListenerView>;
  /** With a sample event; nothing is done. */
  test(id: string): Promise<TestResult>;
}

/** What listener tools get as stores. */
export interface ListenerStores {
  listeners: ListenerPort;
}
