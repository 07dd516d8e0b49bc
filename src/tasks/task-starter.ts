import type { ContentItem, ReplyTarget } from "../channels/message.ts";
import type { Tier } from "../models/provider.ts";

/** A piece of work that is to be done in the background, by an executor of a profile. */
export interface NewTask {
  /** Unique: the same again is the same task. */
  key: string;
  /** What to do, in words. */
  input: string;
  /** The name of a profile, such as `research`. */
  profile: string;
  /** null: the profile's. */
  tier: Tier | null;
  /** What came along and is nobody's word. */
  content: readonly ContentItem[];
  /** Whether the user typed `input` themself. */
  word: boolean;
  /** Whether `input` rests on content that nobody vouches for. */
  tainted: boolean;
  /** Who began it. */
  origin: "user" | "agent" | "schedule" | "event";
  /** Where its result is told. */
  replyTo: ReplyTarget;
  /** The turn that the user began, whatever goes on with it; null: none. */
  taskId: string | null;
  conversationId: string | null;
}

/** Begins tasks; what schedules, events and the coordinator's tool know of them. */
export interface TaskStarter {
  /** Writes the task down and returns: it runs when there is room. Throws `not_found` for a profile that is not there, `rate_limited` when too many wait. May be called within a transaction. */
  start(task: NewTask): { id: string; number: number };
}
