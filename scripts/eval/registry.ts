import { dates } from "./dates.ts";
import type { Evaluation } from "./evaluation.ts";

export const evaluations: readonly Evaluation[] = [dates];
