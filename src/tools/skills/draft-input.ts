import { z } from "zod";

/** A skill in whole files. */
export const DraftInput = z.object({
  skill_md: z.string().min(1).max(100_000).describe("the whole SKILL.md: frontmatter with name, description, permissions; then the steps"),
  files: z
    .array(z.object({ path: z.string().min(1).max(400), text: z.string().max(200_000) }))
    .max(20)
    .optional()
    .describe("scripts/*.js, references/*.md"),
});
