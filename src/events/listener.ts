import type { ReplyTarget } from "../channels/message.ts";
import { oneLine } from "./incoming.ts";
import type { ListenerSource, ListenerStatus, ListenerAction, ListenerWhen } from "./shapes.ts";

/** A standing instruction: what to do when something happens. Instants are UTC milliseconds. */
export interface StoredListener {
  id: string;
  number: number;
  title: string;
  source: ListenerSource;
  when: ListenerWhen;
  action: ListenerAction;
  status: ListenerStatus;
  pausedBecause: string | null;
  batchSeconds: number;
  perHour: number;
  author: "user" | "agent";
  tainted: boolean;
  /** null: wherever the user reads what nobody asked for. */
  replyTo: ReplyTarget | null;
  /** The last part of a hook's address, 192 random bits; null: it is no hook. */
  hookId: string | null;
  secretLastFour: string | null;
  secretSetAt: number | null;
  /** Until when the secret before is taken. */
  previousUntil: number | null;
  /** null: it is not looked at. */
  nextPollAt: number | null;
  polledAt: number | null;
  pollOkAt: number | null;
  pollFailures: number;
  pollError: string | null;
  etag: string | null;
  lastModified: string | null;
  /** The address whose answer these two are of, where redirects had ended; null: it is not known. */
  answeredBy: string | null;
  /** What its source remembers of the last look, such as a page's lines as hashes; null: there was none, so nothing is new. */
  snapshot: string | null;
  /** When it acted in the last hour. */
  recent: readonly number[];
  /** When it was last told that too much came, and that a model could not decide. */
  throttleToldAt: number | null;
  undecidedToldAt: number | null;
  /** When a wrong signature was last put into the trail. */
  rejectedAt: number | null;
  events: number;
  firings: number;
  lastEventAt: number | null;
  lastFiredAt: number | null;
  createdAt: number;
  updatedAt: number;
}

/** Whether it still may act on what the user typed as their word. */
export const isWord = ({ author, tainted }: Pick<StoredListener, "author" | "tainted">): boolean => author === "user" && !tainted;

/** How a listener is named in the trail, which nobody can change: without words of it, which may have to be forgotten. */
export const markOf = ({ number }: Pick<StoredListener, "number">): string => `listener ${number}`;

/** How a listener is named in texts for people: `listener 2, “PRs”`. */
export const nameOf = ({ number, title }: Pick<StoredListener, "number" | "title">): string => `listener ${number}, “${oneLine(title)}”`;
