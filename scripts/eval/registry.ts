import { dates } from "./dates.ts";
import { egress } from "./egress.ts";
import type { Evaluation } from "./evaluation.ts";
import { gate } from "./gate.ts";

export const evaluations: readonly Evaluation[] = [dates, egress, gate];
