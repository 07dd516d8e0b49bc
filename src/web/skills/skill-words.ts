import type { Skill, SkillFinding, SkillInstalled, SkillUse, SkillVersion } from "../api/skills.ts";
import { counted, dollars, sentence } from "../lib/format.ts";
import { clock, dayName, onDay, shortDate } from "../lib/time.ts";

/** What each level means, in the words that are shown. */
export const RISKS: Readonly<Record<Skill["risk"], { name: string; words: string; tone: "good" | "plain" | "bad" }>> = {
  L1: { name: "reads only", words: "It reads, and changes nothing.", tone: "good" },
  L2: { name: "writes or runs", words: "It changes things of yours, runs programs or uses the network.", tone: "plain" },
  L3: { name: "high risk", words: "It uses secrets, reaches what others depend on, or looks dangerous.", tone: "bad" },
};

const ORIGINS: Readonly<Record<Skill["origin"], string>> = {
  "built-in": "comes with Margay",
  upload: "from a folder",
  zip: "from a zip file",
  git: "from a repository",
  paste: "pasted",
  agent: "written by Margay",
};

/** What people call it: `weekly-review` is `Weekly review`. A title that is more than a name stays as it is. */
export const titleOf = ({ title }: Pick<Skill, "title">): string =>
  /^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(title) ? sentence(title.replaceAll("-", " ")) : title;

export const originWords = ({ origin }: Pick<Skill, "origin">): string => ORIGINS[origin];

/** `from a repository: https://github.com/…`. */
export const sourceWords = ({ origin, source }: Pick<SkillVersion, "origin" | "source">): string =>
  source === "" ? ORIGINS[origin] : `${ORIGINS[origin]}: ${source}`;

/** `used 12 times, last today`, `9 of 10 runs went well`, `$0.02`. Empty: never used. */
export function usageFacts(now: number, { usage }: Pick<Skill, "usage">): string[] {
  const { reads, runs, succeeded, last_used_at: last, micro_usd: cost } = usage;
  const uses = reads + runs;
  if (uses === 0) return [];
  const times = uses === 1 ? "used once" : `used ${uses} times`;
  return [
    last === null ? times : `${times}, last ${onDay(now, last)}`,
    ...(runs === 0 ? [] : [`${succeeded} of ${counted(runs, "run")} went well`]),
    ...(cost === 0 ? [] : [dollars(cost)]),
  ];
}

/** `2 dangerous findings`, `1 thing to look at`; null: nothing that has to be looked at. */
export function findingWords({ findings }: Pick<Skill, "findings">): { words: string; danger: boolean } | null {
  if (findings.danger > 0) return { words: counted(findings.danger, "dangerous finding"), danger: true };
  if (findings.warn > 0) return { words: counted(findings.warn, "thing to look at", "things to look at"), danger: false };
  return null;
}

export const SEVERITIES: Readonly<Record<SkillFinding["severity"], string>> = {
  danger: "Danger",
  warn: "Look at it",
  info: "Good to know",
};

/** `scripts/run.sh, line 4`. */
export const placeWords = ({ file, line }: Pick<SkillFinding, "file" | "line">): string => (line === 0 ? file : `${file}, line ${line}`);

/** What is said when a skill has been brought. */
export function arrivedWords({ outcome, skill }: SkillInstalled): string {
  if (outcome === "same") return `${titleOf(skill)} is here already, exactly so.`;
  if (outcome === "updated") return `Updated: ${titleOf(skill)}`;
  if (outcome === "waiting") return `A new version of ${titleOf(skill)} waits for you.`;
  return `Added: ${titleOf(skill)}. It does nothing until you enable it.`;
}

/** `Yesterday, 3:04 PM`. */
export const when = (now: number, at: number): string => `${dayName(now, at)}, ${clock(at)}`;

/** `Today, 3:04 PM, pasted`. What comes with Margay was brought by nobody, so it has no time. */
export const broughtWords = (now: number, { created_at: at, origin }: Pick<SkillVersion, "created_at" | "origin">): string =>
  origin === "built-in" ? sentence(ORIGINS[origin]) : `${when(now, at)}, ${ORIGINS[origin]}`;

/** What a version is among the others: `, in use`; the one that would be, where the skill is not enabled. */
export function placeOf(
  { state, version, waiting }: Pick<Skill, "state" | "version" | "waiting">,
  { version: id }: { version: string },
): string {
  if (id === version) return state === "enabled" ? ", in use" : ", used when enabled";
  return id === waiting ? ", waiting" : "";
}

/** Milliseconds as `340 ms` or `2.1 s`. */
export const tookWords = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`);

/** `Ran scripts/total.js, 340 ms`. */
export const usedWords = ({ kind, file, ms }: SkillUse): string => (kind === "read" ? `Read ${file}` : `Ran ${file}, ${tookWords(ms)}`);

/** Thirty days, as long as the server keeps what was uninstalled. */
const KEPT_MS = 30 * 86_400_000;

/** What is said of a skill that was brought back. */
export const backWords = (skill: Skill): string =>
  `${titleOf(skill)} is back. ${skill.state === "enabled" ? "It is enabled, as it was." : "It does nothing until you enable it."}`;

export const goneWords = (now: number, at: number): string => `uninstalled ${onDay(now, at)}, kept until ${shortDate(now, at + KEPT_MS)}`;

/** What waits for the user: a skill that was brought and never looked at, or a new version that was not let in by itself. */
export const waits = ({ state, waiting, built_in: builtIn }: Skill): boolean =>
  (state === "new" && !builtIn) || (waiting !== null && state === "enabled");
