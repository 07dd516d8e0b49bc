import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { AgentModels } from "./agent-models.ts";
import type { Tier } from "./provider.ts";

/** Whether no model answers a tier: only the offline rules, or nothing. */
export const onlyRules = (models: Pick<AgentModels, "name">, tier: Tier): boolean => /^(?:offline\/|none$)/u.test(models.name(tier));

/** A model of the `fast` tier for what the agent does by itself, on that work's own account (`agent`); null: only rules are there. */
export const ownModel = (models: Pick<AgentModels, "name" | "model">, agent: string, newId: () => string): LanguageModelV4 | null =>
  onlyRules(models, "fast") ? null : models.model({ tier: "fast", turnId: `${agent}:${newId()}`, agent, onNotice: () => undefined });
