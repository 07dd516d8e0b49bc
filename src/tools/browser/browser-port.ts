import type { Shown } from "../../browser/browser-call.ts";
import type { Choices } from "../../browser/choices.ts";
import type { Key } from "../../browser/input.ts";
import type { Proposal, Seen } from "../../browser/proposal.ts";
import type { FileStores } from "../files/files-port.ts";

/** What every browser tool needs; granted to everybody by default: to read pages, and to be asked before anything is sent. */
export const BROWSER_USE = "browser.use";

/** Who calls. */
export interface BrowserCaller {
  /** Of the call: which task or conversation it belongs to is known from it. */
  callId: string;
  conversationId: string | null;
  signal: AbortSignal;
  /** The model wrote the address where content from outside was read: it may not lead to another host. */
  composed: boolean;
  /** Host patterns that the caller's kind of task may reach; null: any. */
  hosts: readonly string[] | null;
  /** What it may choose on pages of hosts that the user did not name; null: it is not counted. */
  choices: Choices | null;
  scrub(text: string): Promise<string>;
}

/** A field and what goes into it: a text, the value of a stored secret, or one of the user's files; `seen`: as a person was asked about it, see {@link FileState}. */
export type FieldInput = {
  ref: string;
  text?: string | undefined;
  secret?: string | undefined;
  file?: string | undefined;
  seen?: string | undefined;
};

/** A file of the user's at this moment. `seen`: another one when it is another file, has another content, or was moved, if only to and fro. */
export interface FileState {
  seen: string;
  /** Bytes. */
  size: number;
}

/** Something done on a page that is open. */
export type Act =
  | { do: "click"; ref: string }
  | { do: "select"; ref: string; value: string }
  | { do: "press"; key: Key; ref?: string | undefined; tab?: string | undefined }
  | { do: "scroll"; screens: number; tab?: string | undefined }
  | { do: "wait"; words?: string | undefined; seconds: number; tab?: string | undefined }
  | { do: "back"; tab?: string | undefined }
  | { do: "close"; tab?: string | undefined };

/** Browsers as tools see them: one session a task or conversation. Everything throws a `MargayError` that says what is wrong. */
export interface BrowserPort {
  open(caller: BrowserCaller, page: { url: string; tab?: string | undefined }): Promise<Shown>;
  read(caller: BrowserCaller, part: { tab?: string | undefined; from?: number | undefined; find?: string | undefined }): Promise<Shown>;
  act(caller: BrowserCaller, act: Act): Promise<Shown>;
  /** All fields are on pages of `site`; nothing is typed where one is not. */
  type(caller: BrowserCaller, site: string, fields: readonly FieldInput[]): Promise<Shown>;
  /** Gives the path of the picture among the user's files. */
  screenshot(
    caller: BrowserCaller,
    of: { tab?: string | undefined; whole: boolean },
  ): Promise<{ path: string; origin: string; url: string }>;
  /** Does what a person said yes to, if it still is what they saw. */
  submit(caller: BrowserCaller, id: string, seen: Seen | null): Promise<Shown>;
  /** What would be sent; null: it is not there (any more). */
  proposal(id: string): Proposal | null;
  /** What an element of the caller's pages was called when it was read, `textbox "Password"`; null: it is not known. */
  named(caller: Pick<BrowserCaller, "callId" | "conversationId">, ref: string): string | null;
  /** null: there is no file at this path. Throws for what is no path. */
  fileState(path: string): FileState | null;
}

export interface BrowserStores extends FileStores {
  browser: BrowserPort;
}
