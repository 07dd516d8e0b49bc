import { z } from "zod";

/** The head of an audit trail as it was at an instant, kept outside the object: what the trail held then it must hold for ever. */
export const Anchor = z.object({
  user_id: z.string(),
  seq: z.number().int().nonnegative(),
  hash: z.string(),
  /** UTC milliseconds. */
  at: z.number().int(),
});
export type Anchor = z.infer<typeof Anchor>;

/** Where the anchor of a day is kept: one a day, so that each tells of its own. */
export const anchorKey = (userId: string, at: number): string => `u/${userId}/audit/${new Date(at).toISOString().slice(0, 10)}.json`;

/** The prefix of a user's anchors. */
export const anchorPrefix = (userId: string): string => `u/${userId}/audit/`;
