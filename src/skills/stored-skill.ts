import { z } from "zod";
import {
  SkillFileView,
  SkillName,
  SkillOrigin,
  SkillPermissionsShape,
  type SkillUsage,
  SkillVersionId,
  SkillVersionView,
} from "./shapes.ts";

/** A skill of a user as it is stored: which version is in use, and what it may do. */
export const StoredSkill = z.object({
  name: SkillName,
  state: z.enum(["new", "enabled", "disabled"]),
  /** The version in use, or the one that would be. */
  version: SkillVersionId,
  /** A newer one that waits for the user. */
  waiting: SkillVersionId.nullable(),
  granted: SkillPermissionsShape,
  createdAt: z.number(),
  updatedAt: z.number(),
  uninstalledAt: z.number().nullable(),
});
export type StoredSkill = z.infer<typeof StoredSkill>;

/** What is known of a version beside the contents of its files. */
export const StoredVersion = SkillVersionView.omit({ created_at: true, files: true, origin: true }).extend({
  name: SkillName,
  origin: SkillOrigin,
  /** Whether it was in use once. */
  used: z.boolean(),
  files: z.array(SkillFileView.extend({ hash: z.string() })),
  createdAt: z.number(),
});
export type StoredVersion = z.infer<typeof StoredVersion>;

export const NO_USAGE: SkillUsage = { reads: 0, runs: 0, succeeded: 0, failed: 0, ms: 0, micro_usd: 0, last_used_at: null };
