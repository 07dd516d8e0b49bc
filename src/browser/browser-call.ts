import type { Choices } from "./choices.ts";
import type { NetworkNews, Sending } from "./network-guard.ts";
import type { Proposal } from "./proposal.ts";
import type { Dialog } from "./tabs.ts";

/** What a session needs of the one who calls. */
export interface BrowserCall {
  signal: AbortSignal;
  /** The address was written where content from outside was read: it may not lead to another host. */
  composed: boolean;
  /** Host patterns that may be reached; null: any public one. */
  hosts: readonly string[] | null;
  /** What it may choose on pages; null: it is not counted. */
  choices: Choices | null;
  /** Takes stored secrets out of a text. */
  scrub(text: string): Promise<string>;
  /** Keeps a file among the user's, marked as from outside; gives its path. Throws what is wrong with it. */
  save(path: string, mime: string, bytes: Uint8Array, from: string): Promise<string>;
  /** How one of the user's files is at this moment: something else when it is another file, has another content or was moved. null: there is none. */
  stateOf(path: string): string | null;
}

/** What came of it, for the agent. */
export interface Shown {
  text: string;
  /** The page that was asked for is not there: of {@link text} the beginning says why. */
  failed?: boolean;
  /** What the site answered instead of the page: 404, 500 … Absent: the page. */
  status?: number;
  /** `example.com/path`: whose words these are. */
  origin: string;
  links: string[];
  /** What is sent if a person says yes. */
  proposal: Proposal | null;
  /** What was sent. */
  sent: Sending[];
  /** How many choices on pages of hosts that the user did not name are to be counted. */
  chose: number;
}

/** What happened in a browser since it was asked last. */
export interface Happened {
  news: NetworkNews;
  dialogs: Dialog[];
  opened: string[];
}
