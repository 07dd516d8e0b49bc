import type { VersionView } from "../api/versions.ts";
import { effectName } from "../lib/effect-words.ts";
import { toolTitle } from "../../permission/tool-title.ts";

const NAMES: Readonly<Record<string, string>> = {
  time_zone: "Time zone",
  tier: "Answer with",
  persona: "How Margay should be",
  memory_quiet: "Remember by itself",
  executors: "Tasks at once",
  self_improvement: "Improve itself",
  "heartbeat.on": "Look by itself",
  "heartbeat.text": "What to look for",
  "heartbeat.minutes": "Minutes between looks",
  "heartbeat.quiet.from": "Quiet from",
  "heartbeat.quiet.to": "Quiet until",
  "heartbeat.daily": "Unprompted messages a day",
  permission: "Permission",
  "models.fast": "Fast models",
  "models.smart": "Smart models",
  "models.vision": "Models for pictures",
};

/** A setting's path as a person calls it. */
export function fieldName(field: string): string {
  const known = NAMES[field];
  if (known !== undefined) return known;
  if (field.startsWith("approval_minutes.")) return `Minutes an approval waits: ${effectName(field.slice("approval_minutes.".length))}`;
  if (field.startsWith("tools.")) return `Tool: ${toolTitle(field.slice("tools.".length))}`;
  return field;
}

/** What a version is called. The API lists the paths of settings where nobody said more. */
export function versionTitle({ summary, changes }: Pick<VersionView, "summary" | "changes">): string {
  const fields = changes.map(({ field }) => field);
  if (summary !== `Changed ${fields.join(", ")}`) return summary;
  return `Changed: ${[...new Set(fields.map(fieldName))].join(", ")}`;
}
