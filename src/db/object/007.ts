import { browserSchema } from "./browser.ts";
import { codeSchema } from "./code.ts";
import { improvementSchema } from "./improvements.ts";
import { linuxSchema } from "./linux.ts";
import { pageCacheSchema } from "./page-cache.ts";
import { robotsSchema } from "./robots.ts";
import { skillUseSchema } from "./skill-uses.ts";
import { skillSchema } from "./skills.ts";
import { taskReviewSchema } from "./tasks.ts";

/** What hands keep. */
export const schema007: readonly string[] = [
  ...skillSchema,
  ...skillUseSchema,
  ...improvementSchema,
  ...linuxSchema,
  ...codeSchema,
  ...taskReviewSchema,
  ...pageCacheSchema,
  ...robotsSchema,
  ...browserSchema,
];
