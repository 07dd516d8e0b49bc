import type { Tier } from "../models/provider.ts";
import type { CompiledTool } from "../tools/compiled-tool.ts";
import type { TaskLimits } from "./shapes.ts";

/** What kind of executor works on a task. */
export interface Profile {
  name: string;
  /** One line, for a person and for the model that chooses. */
  purpose: string;
  /** How to work. */
  prompt: string;
  tier: Tier;
  tools: readonly string[];
  /** What its tools may use at most: the gate compares each call with it, beside what the user granted. */
  capabilities: readonly string[];
  limits: TaskLimits;
}

/** Where a profile says nothing. */
export const DEFAULT_LIMITS: TaskLimits = { steps: 40, tokens: 600_000, micro_usd: 2_000_000, minutes: 30 };

/**
 * Tools of the coordinator alone: an executor begins no work of its own, plans nothing for later and proposes no settings. A profile that names one is refused, and one that got past that is not offered it.
 */
export const COORDINATOR_ONLY: ReadonlySet<string> = new Set([
  "delegate",
  "check_tasks",
  "cancel_task",
  "save_profile",
  "propose_plan",
  "change_plan",
  "list_plans",
  "schedule",
  "change_schedule",
  "add_listener",
  "change_listener",
  "change_settings",
]);

/** What no executor may use, whatever its profile says. */
export const COORDINATOR_CAPABILITIES = /^(?:tasks|plans|settings)\.|^(?:schedule|listener)s?\.write$/;

/** What an executor may be offered of the tools there are. */
export const executorTools = (tools: readonly CompiledTool[], names: readonly string[]): CompiledTool[] =>
  tools.filter(({ name }) => names.includes(name) && !COORDINATOR_ONLY.has(name));
