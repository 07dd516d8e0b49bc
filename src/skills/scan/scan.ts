import type { Skill, SkillFile, SkillFileKind } from "../skill.ts";
import { brokenWords } from "./broken-words.ts";
import { collectsKeys } from "./collects-keys.ts";
import { destroys } from "./destroys.ts";
import { downloadAndRun } from "./download-and-run.ts";
import { encodedText } from "./encoded-text.ts";
import { excerptOf } from "./excerpt.ts";
import { exfiltration } from "./exfiltration.ts";
import { fakePrerequisite } from "./fake-prerequisite.ts";
import type { Finding, ScanRule, Severity, Sighting } from "./finding.ts";
import { harvestsSettings } from "./harvests-settings.ts";
import { hiddenUnicode } from "./hidden-unicode.ts";
import { knownCampaigns } from "./known-campaigns.ts";
import { minesCoins } from "./mines-coins.ts";
import { obfuscation } from "./obfuscation.ts";
import { ordersAboutKeys } from "./orders-about-keys.ts";
import { persistence } from "./persistence.ts";
import { promptInjection } from "./prompt-injection.ts";
import { readsCredentials } from "./reads-credentials.ts";
import { SCAN_LIMITS, scanFile } from "./scan-file.ts";
import { runsMadeText } from "./runs-made-text.ts";
import { secretsInFiles } from "./secrets-in-files.ts";
import { sendsInSilence } from "./sends-in-silence.ts";
import { standingOrders } from "./standing-orders.ts";
import { undeclaredHosts } from "./undeclared-hosts.ts";
import { unreadableFile } from "./unreadable-files.ts";

export const scanRules: readonly ScanRule[] = [
  knownCampaigns,
  encodedText,
  downloadAndRun,
  obfuscation,
  runsMadeText,
  brokenWords,
  fakePrerequisite,
  exfiltration,
  sendsInSilence,
  collectsKeys,
  harvestsSettings,
  readsCredentials,
  promptInjection,
  ordersAboutKeys,
  standingOrders,
  hiddenUnicode,
  persistence,
  destroys,
  minesCoins,
  secretsInFiles,
  undeclaredHosts,
];

const FIRST: Readonly<Record<SkillFileKind, number>> = { instructions: 0, script: 1, reference: 2, asset: 3 };
const RANK: Readonly<Record<Severity, number>> = { danger: 0, warn: 1, info: 2 };

/**
 * Looks through a skill for what malware does. A hint for the person who decides, nothing more: a skill without findings is not proven to be good, and a guide against attacks has
 * some. Runs nothing; the gravest come first. Work grows with the size of the files, up to a limit, past which a finding says so.
 */
export function scanSkill({ files, permissions }: Pick<Skill, "files" | "permissions">): Finding[] {
  const findings: Finding[] = [];
  let left = SCAN_LIMITS.total;
  // What is read or run comes first: texts that nobody looks at must not use the limit up.
  for (const file of files.toSorted((a, b) => FIRST[a.kind] - FIRST[b.kind])) {
    const unreadable = unreadableFile(file);
    if (unreadable) findings.push(unreadable);
    if (file.text === null) continue;
    const text = file.text.slice(0, left);
    left -= Math.min(text.length, SCAN_LIMITS.file);
    if (text.length < file.text.length || text.length > SCAN_LIMITS.file) findings.push(notWhole(file, text === ""));
    const looked = scanFile(file, text, permissions.hosts);
    for (const rule of scanRules) findings.push(...few(rule, looked));
  }
  return findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]).slice(0, SCAN_LIMITS.findings);
}

/** What a rule saw in a file: each line once, the gravest first, and only some. */
function few(rule: ScanRule, file: ReturnType<typeof scanFile>): Finding[] {
  const lines = new Map<number, Sighting>();
  for (const sighting of rule.look(file)) {
    const before = lines.get(sighting.line);
    if (before && RANK[before.severity] <= RANK[sighting.severity]) continue;
    lines.set(sighting.line, sighting);
  }
  return [...lines.values()]
    .toSorted((a, b) => RANK[a.severity] - RANK[b.severity])
    .slice(0, SCAN_LIMITS.perRule)
    .map(({ severity, line, text, at, why }) => ({ rule: rule.name, severity, file: file.path, line, excerpt: excerptOf(text, at), why }));
}

/** `unseen`: nothing of it was looked at, which for a program is more than a large file. */
const notWhole = ({ path, kind }: SkillFile, unseen: boolean): Finding => ({
  rule: "not-scanned",
  severity: unseen && kind === "script" ? "warn" : "info",
  file: path,
  line: 0,
  excerpt: "",
  why: unseen ? "It was not looked at: there is more in this skill than is looked through." : "It is too large to be looked at whole.",
});
