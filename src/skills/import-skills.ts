import { readSkill } from "./read-skill.ts";
import { riskOf } from "./risk.ts";
import type { Finding } from "./scan/finding.ts";
import { scanSkill } from "./scan/scan.ts";
import { noPermissions, type FolderEntry, type RiskLevel } from "./skill.ts";
import { skillFiles } from "./skill-files.ts";

/** What became of one folder. `warned`: it is there, and there is something to look at. */
export interface ImportedSkill {
  path: string;
  /** null: it has none that could be read. */
  name: string | null;
  verdict: "ok" | "warned" | "refused";
  /** Plain sentences: why it was refused, or what there is to look at. */
  reasons: string[];
  /** null: it was refused. */
  risk: RiskLevel | null;
  /** Always empty: there is no way from here to a grant. */
  granted: readonly never[];
  findings: Finding[];
}

/** Takes one folder in, as it would be shown before it is enabled. Runs nothing, grants nothing, never throws for what a folder holds. */
export function importSkill(path: string, entries: readonly FolderEntry[]): ImportedSkill {
  const folder = path.split("/").findLast((part) => part !== "" && part !== ".") ?? null;
  const reading = readSkill(entries, { folder });
  if (!reading.ok) {
    const { name, reason, warnings } = reading;
    // What is refused is looked through as well: who wonders why it was should see what else is in it.
    const findings = scanSkill({ files: skillFiles(entries).files, permissions: noPermissions() });
    return { path, name, verdict: "refused", reasons: [reason, ...warnings], risk: null, granted: [], findings };
  }
  const { skill, warnings } = reading;
  const findings = scanSkill(skill);
  const grave = findings.filter(({ severity }) => severity !== "info").length;
  const reasons =
    grave === 0
      ? warnings
      : [...warnings, grave === 1 ? "The scan found something to look at." : `The scan found ${grave} things to look at.`];
  return {
    path,
    name: skill.name,
    verdict: reasons.length === 0 ? "ok" : "warned",
    reasons,
    risk: riskOf(skill, findings).level,
    granted: [],
    findings,
  };
}
