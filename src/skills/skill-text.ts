import { visible } from "../permission/visible.ts";
import { plain } from "../plain.ts";
import { explainPermissions } from "./explain.ts";
import { entriesOf } from "./permission-sets.ts";
import { cutTo } from "./plain-text.ts";
import type { SkillDetail, SkillView } from "./shapes.ts";
import type { SkillPermissions } from "./skill.ts";
import { wantsMore } from "./wants-more.ts";

const STATE = { new: "not enabled", enabled: "enabled", disabled: "disabled", uninstalled: "uninstalled" } as const;
/** Findings that are shown. */
const SHOWN = 8;

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);

/** A text of somebody else's in one line, where nothing of it formats. */
const shownText = (text: string, most = 300): string => plain(cutTo(visible(text), most));

export function skillList(skills: readonly SkillView[]): string {
  const there = skills.filter(({ state }) => state !== "uninstalled");
  const line = ({ name, state, risk, description, waiting, usage }: SkillView): string =>
    `- \`${name}\` (${[STATE[state], risk, ...(waiting === null ? [] : ["a new version waits"]), ...(usage.reads + usage.runs === 0 ? [] : [`used ${times(usage.reads + usage.runs)}`])].join(", ")}): ${shownText(description, 120)}`;
  return `${there.map(line).join("\n")}\n\n\`/skill show NAME\` says what one can do, \`/skill enable NAME\` how to enable it. Add others on the page under Skills.`;
}

/** Everything that is to be looked at before it is enabled, in short. */
export function skillText({ skill, versions, more_explained: more }: SkillDetail): string {
  const shown = versions.find(({ version }) => version === (skill.waiting ?? skill.version)) ?? versions[0];
  if (shown === undefined) return `The skill ${skill.name} has no version.`;
  const { reads, runs, succeeded, ms } = skill.usage;
  const inUse = skill.state === "enabled" && shown.version === skill.version;
  const uses = [
    ...(reads === 0 ? [] : [`read ${times(reads)}`]),
    ...(runs === 0 ? [] : [`run ${times(runs)} (${succeeded} succeeded, ${Math.round(ms / 100) / 10} s in all)`]),
  ].join(", ");
  return [
    `**${skill.name}** (${STATE[skill.state]}, ${shown.risk.level}, version \`${shown.version.slice(0, 8)}\`): ${shownText(shown.description)}`,
    ...(skill.waiting === null ? [] : ["This is a new version that waits for you."]),
    ...(more.length === 0 ? [] : ["Beyond what it has:", ...more.map((text) => `- ${shownText(text)}`)]),
    "",
    ...(inUse
      ? allowed(skill.granted, shown.permissions)
      : [...shown.explanation, ...shown.risk.reasons.slice(0, 3).map(({ level, text }) => `${level}: ${text}`)]
    ).map((text) => `- ${shownText(text)}`),
    ...shown.findings
      .filter(({ severity }) => severity !== "info")
      .slice(0, SHOWN)
      .map(
        ({ severity, file, line, why }) =>
          `- ${severity === "danger" ? "**Danger**" : "Look at"} ${shownText(file, 80)}, line ${line}: ${shownText(why)}`,
      ),
    `- Files: ${shown.files
      .map(({ path }) => `\`${path.replaceAll("`", "'")}\``)
      .slice(0, 15)
      .join(", ")}${shown.files.length > 15 ? ` and ${shown.files.length - 15} more` : ""}`,
    ...(uses === "" ? [] : [`- Used: ${uses}`]),
  ].join("\n");
}

/** What an enabled skill has, and what it asked for in vain. */
function allowed(granted: SkillPermissions, asked: SkillPermissions): string[] {
  const has = explainPermissions(granted, "may");
  const refused = wantsMore(granted, asked);
  return [
    ...(has.length === 0 ? ["It may do nothing of its own: it is instructions that I read."] : has),
    ...(refused === null ? [] : [`Asked for and not allowed: ${entriesOf(refused).join(", ")}.`]),
  ];
}
