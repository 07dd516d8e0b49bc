import type { ImprovementStore } from "../db/object/improvements.ts";
import { MargayError, withNext } from "../errors.ts";
import type { CodePort } from "../sandbox/code-run.ts";
import { decodeText } from "../skills/decode-text.ts";
import { entriesOfProposal, readProposal, saveSkill, type SkillProposal } from "../skills/save-skill.ts";
import type { Skills, SkillsDeps } from "../skills/skills.ts";
import type { DraftPort } from "../tools/skills/draft-port.ts";
import { changesText, trialText } from "./changes-text.ts";
import { moreThanWords } from "./only-words.ts";
import type { SelfImprovement } from "./shapes.ts";
import { tryDraft } from "./trial.ts";

export interface DraftsDeps {
  skills: Skills;
  skillsDeps: SkillsDeps;
  code: CodePort;
  store: Pick<ImprovementStore, "trial" | "putTrial">;
  tools(): readonly string[];
  setting(): SelfImprovement;
  now(): number;
}

/** Drafts of skills: how they do when they are tried, how they differ from what is there, and when one may take its place by itself. */
export function drafts({ skills, skillsDeps, code, store, tools, setting, now }: DraftsDeps): DraftPort {
  /** A skill with another SKILL.md; null: there is none that is enabled and accepted. */
  const withWords = (name: string, text: string): SkillProposal | null => {
    const held = skills.shelf.find(name);
    if (held === null || held.builtIn || held.skill.state !== "enabled" || held.skill.uninstalledAt !== null || !held.current.trusted)
      return null;
    return {
      skill_md: text,
      files: [...textsOf(name)].flatMap(([path, content]) => (path === "SKILL.md" ? [] : [{ path, text: content }])),
    };
  };
  /** The texts of the version in use; empty: there is none. */
  const textsOf = (name: string): Map<string, string> => {
    const held = skills.shelf.find(name);
    if (held === null || held.skill.uninstalledAt !== null) return new Map();
    return new Map(
      held.current.files.flatMap(({ path, text }) => {
        const decoded = text ? decodeText(skills.shelf.bytes(held, held.current, path))?.text : undefined;
        return decoded === undefined ? [] : [[path, decoded] as const];
      }),
    );
  };
  const compared: DraftPort["compared"] = (draft) => {
    const reading = readProposal(draft);
    if (!reading.ok) return "";
    const { name, version } = reading.about;
    const after = new Map(
      entriesOfProposal(draft).flatMap((entry) => ("bytes" in entry ? [[entry.path, decodeText(entry.bytes)?.text ?? ""] as const] : [])),
    );
    const lines = [skills.shelf.isBuiltIn(name) ? TAKEN : "", changesText(textsOf(name), after), trialText(store.trial(version))];
    return lines.filter((line) => line !== "").join("\n");
  };
  return {
    async try(draft, trials, caller) {
      const { read, ...trial } = await tryDraft(draft, trials, caller, { code, tools: tools() });
      const { version, name, ...found } = trial;
      const problems = name !== null && skills.shelf.isBuiltIn(name) ? [TAKEN, ...found.problems] : found.problems;
      if (version !== null) store.putTrial(version, { version, problems, runs: found.runs }, now());
      return { version, problems, runs: found.runs, read };
    },
    compared,
    reworded(name, text) {
      const draft = withWords(name, text);
      return draft === null ? "" : compared(draft);
    },
    reword(name, text, { tainted }) {
      if (setting() !== "wording")
        throw new MargayError("forbidden", "The user wants to be asked about every change of a skill.", withNext("Use save_skill."));
      const held = skills.shelf.find(name);
      const draft = withWords(name, text);
      if (held === null || draft === null)
        throw new MargayError("forbidden", `${name} is no skill of the user's that is enabled and that they accepted.`);
      if (held.skill.waiting !== null)
        throw new MargayError("forbidden", `A new version of ${name} waits for the user, who looks at that first.`);
      const reading = readProposal(draft);
      if (!reading.ok) throw new MargayError("invalid_request", reading.reason);
      const against = moreThanWords({ about: held.current, text: textsOf(name).get("SKILL.md") ?? "" }, { about: reading.about, text });
      if (against !== null)
        throw new MargayError("forbidden", `That is more than other words, since ${against}.`, withNext("Use save_skill."));
      return saveSkill(draft, { tainted, words: true }, { actor: "agent", channel: null }, skills, skillsDeps);
    },
  };
}

const TAKEN = "It cannot be saved by this name: that is a skill of Margay's own. It needs another name.";
