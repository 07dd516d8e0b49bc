import { z } from "zod";
import { ApprovalState } from "../permission/approval.ts";
import { Effect } from "../permission/effect.ts";

/** What a person answers. `once`: this call; `task`: calls like it for this task; `always`: calls like it from now on; `deny`: no. */
export const ApprovalAnswer = z.enum(["once", "task", "always", "deny"]);
export type ApprovalAnswer = z.infer<typeof ApprovalAnswer>;

/** An approval as every channel shows it. Instants are UTC milliseconds. What is shown is all there is: nothing is cut, and nothing in it is invisible. */
export const ApprovalView = z.object({
  id: z.string(),
  /** Short and stable, for `/approve 7`. */
  number: z.number().int(),
  state: ApprovalState,
  tool: z.string(),
  effect: Effect,
  /** One line: what the call would do. */
  description: z.string(),
  /** Why it is asked. */
  reason: z.string(),
  /** Where it goes. `yours`: the user named it. `notes`: what may be mistaken in it. */
  destinations: z.array(z.object({ text: z.string(), yours: z.boolean(), notes: z.array(z.string()) })),
  /** The complete arguments as indented JSON, with characters that cannot be seen written out. */
  arguments: z.string(),
  /** What a person reads beside the arguments before they answer, such as the memory that would go; absent: nothing. */
  shows: z.array(z.object({ name: z.string(), text: z.string() })).optional(),
  /** What to be careful about; null: nothing in particular. */
  warning: z.string().nullable(),
  /** What "always", and "for this task", would cover, in words; null: nothing but this call, so they are not offered. */
  always: z.string().nullable(),
  channel: z.string(),
  turn_id: z.string().nullable(),
  created_at: z.number().int(),
  expires_at: z.number().int(),
  answered_at: z.number().int().nullable(),
  /** The channel that the answer came by. */
  answered_on: z.string().nullable(),
  scope: z.enum(["once", "task", "always"]).nullable(),
  note: z.string().nullable(),
  /** How it ended, in a sentence. */
  outcome: z.string().nullable(),
  /** While it runs, the last line that it printed: told over open connections only. */
  progress: z.string().optional(),
});
export type ApprovalView = z.infer<typeof ApprovalView>;

/** What is said to a yes that comes by mail. */
export const NOT_BY_MAIL =
  "Approvals are answered on your Margay page or in Telegram, not by mail: a mail proves which domain it is from, not which person wrote it, and letting something happen needs more than that.";
