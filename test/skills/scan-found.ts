import { readSkill } from "../../src/skills/read-skill.ts";
import type { Finding } from "../../src/skills/scan/finding.ts";
import { scanSkill } from "../../src/skills/scan/scan.ts";
import type { FolderEntry } from "../../src/skills/skill.ts";
import { folder, skillFile } from "./folder.ts";

/** What the scan says of a skill as it comes in. */
export function scan(entries: readonly FolderEntry[]): Finding[] {
  const reading = readSkill(entries, { folder: "sample" });
  if (!reading.ok) throw new Error(reading.reason);
  return scanSkill(reading.skill);
}

export const inScript = (name: string, text: string, permissions = ""): Finding[] =>
  scan(folder({ "SKILL.md": skillFile(`name: sample\ndescription: Does a thing.\n${permissions}`), [`scripts/${name}`]: text }));

/** `severity rule` of each. */
export const found = (findings: readonly Finding[]): string[] => findings.map(({ rule, severity }) => `${severity} ${rule}`);

export const fence = (text: string): string => `\`\`\`bash\n${text}\n\`\`\``;
