import { z } from "zod";

/**
 * `off`: nothing is looked at. `propose`: what stands out becomes a proposal. `wording`: as well, and a change of nothing but the words of a skill, which needs nothing new, is applied by itself; it can be taken back.
 */
export const SelfImprovement = z.enum(["off", "propose", "wording"]);
export type SelfImprovement = z.infer<typeof SelfImprovement>;
