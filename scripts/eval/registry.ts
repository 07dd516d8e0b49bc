import { cron } from "./cron.ts";
import { dates } from "./dates.ts";
import { egress } from "./egress.ts";
import type { Evaluation } from "./evaluation.ts";
import { extract } from "./extract.ts";
import { gate } from "./gate.ts";
import { ingest } from "./ingest.ts";
import { retrieval } from "./retrieval.ts";
import { skills } from "./skills.ts";

export const evaluations: readonly Evaluation[] = [dates, cron, egress, gate, ingest, retrieval, skills, extract];
