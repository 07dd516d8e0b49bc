import type { Skill } from "../skill.ts";
import { downloadAndRun } from "./download-and-run.ts";
import { encodedText } from "./encoded-text.ts";
import { excerptOf } from "./excerpt.ts";
import { exfiltration } from "./exfiltration.ts";
import { fakePrerequisite } from "./fake-prerequisite.ts";
import type { Finding, ScanRule, Severity } from "./finding.ts";
import { hiddenUnicode } from "./hidden-unicode.ts";
import { knownCampaigns } from "./known-campaigns.ts";
import { obfuscation } from "./obfuscation.ts";
import { persistence } from "./persistence.ts";
import { promptInjection } from "./prompt-injection.ts";
import { readsCredentials } from "./reads-credentials.ts";
import { SCAN_LIMITS, scanFile } from "./scan-file.ts";
import { secretsInFiles } from "./secrets-in-files.ts";
import { undeclaredHosts } from "./undeclared-hosts.ts";
import { unreadableFile } from "./unreadable-files.ts";

export const scanRules: readonly ScanRule[] = [
  knownCampaigns,
  encodedText,
  downloadAndRun,
  obfuscation,
  fakePrerequisite,
  exfiltration,
  readsCredentials,
  promptInjection,
  hiddenUnicode,
  persistence,
  secretsInFiles,
  undeclaredHosts,
];

const RANK: Readonly<Record<Severity, number>> = { danger: 0, warn: 1, info: 2 };

/**
 * Looks through a skill for what malware does. A hint for the person who decides, nothing more: a skill without findings is not proven to be good, and a guide against attacks has
 * some. Runs nothing; the gravest come first. Work grows with the size of the files, up to a limit, past which a finding says so.
 */
export function scanSkill({ files, permissions }: Pick<Skill, "files" | "permissions">): Finding[] {
  const findings: Finding[] = [];
  let left = SCAN_LIMITS.total;
  for (const file of files) {
    const unreadable = unreadableFile(file);
    if (unreadable) findings.push(unreadable);
    if (file.text === null) continue;
    const text = file.text.slice(0, left);
    left -= Math.min(text.length, SCAN_LIMITS.file);
    if (text.length < file.text.length || text.length > SCAN_LIMITS.file) findings.push(notWhole(file.path));
    const looked = scanFile(file, text, permissions.hosts);
    for (const rule of scanRules) findings.push(...few(rule, looked));
  }
  return findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]).slice(0, SCAN_LIMITS.findings);
}

/** What a rule saw in a file: each line once, the gravest first, and only some. */
function few(rule: ScanRule, file: ReturnType<typeof scanFile>): Finding[] {
  const lines = new Map<number, Finding>();
  for (const { severity, line, text, at, why } of rule.look(file)) {
    const before = lines.get(line);
    if (before && RANK[before.severity] <= RANK[severity]) continue;
    lines.set(line, { rule: rule.name, severity, file: file.path, line, excerpt: excerptOf(text, at), why });
  }
  return [...lines.values()].toSorted((a, b) => RANK[a.severity] - RANK[b.severity]).slice(0, SCAN_LIMITS.perRule);
}

const notWhole = (file: string): Finding => ({
  rule: "not-scanned",
  severity: "info",
  file,
  line: 0,
  excerpt: "",
  why: "It is too large to be looked at whole.",
});
