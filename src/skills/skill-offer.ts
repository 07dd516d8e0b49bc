import { z } from "zod";
import type { SkillUseStore } from "../db/object/skill-uses.ts";
import type { SkillStore } from "../db/object/skills.ts";
import type { SettingStore } from "../db/object/settings.ts";
import type { HeldSkill } from "./held-skill.ts";
import { skillLine, skillLines } from "./skill-lines.ts";
import type { Skills } from "./skills.ts";

const KEY = "skill_offer";
const Offered = z.object({
  conversationId: z.string(),
  /** The first message that is in the context whole; null: none yet. */
  fromSeq: z.number().nullable(),
  text: z.string(),
  /** Every skill that was enabled then. */
  enabled: z.array(z.string()),
});

/** Skills that are named in a note at most. */
const NOTED = 8;

export interface SkillOfferDeps {
  skills: Skills;
  store: SkillStore;
  uses: SkillUseStore;
  settings: SettingStore;
  now(): number;
}

/**
 * What the coordinator is told of skills. The list stands in the fixed part of the prompt, so it stays the same, byte for byte, while the conversation goes on: it is made anew for another conversation and when the window moves, as provider
 * caches miss then anyway. What was enabled or disabled since is told beside the last message.
 */
export class SkillOffer {
  #enabled: { revision: number; held: HeldSkill[] } | null = null;

  constructor(private readonly deps: SkillOfferDeps) {}

  /** Both empty where there is nothing to say. */
  of(conversationId: string, fromSeq: number | null): { text: string; note: string } {
    const { settings, uses, now } = this.deps;
    const enabled = this.#all();
    const known = settings.read(KEY, Offered);
    if (known !== null && known.conversationId === conversationId && known.fromSeq === fromSeq)
      return { text: known.text, note: noteOf(known.enabled, enabled) };
    const { text } = skillLines(enabled, uses.totals());
    settings.write(KEY, { conversationId, fromSeq, text, enabled: enabled.map(({ skill }) => skill.name) }, now());
    return { text, note: "" };
  }

  /** The list as it is now, for whoever begins with it and keeps it; empty: none is enabled. */
  lines(): string {
    return skillLines(this.#all(), this.deps.uses.totals()).text;
  }

  #all(): HeldSkill[] {
    const { revision } = this.deps.store;
    if (this.#enabled?.revision !== revision) this.#enabled = { revision, held: this.deps.skills.enabled() };
    return this.#enabled.held;
  }
}

function noteOf(before: readonly string[], enabled: readonly HeldSkill[]): string {
  const fresh = enabled.filter(({ skill }) => !before.includes(skill.name));
  const gone = before.filter((name) => !enabled.some(({ skill }) => skill.name === name));
  if (fresh.length + gone.length === 0) return "";
  return [
    "[margay skills]",
    ...(fresh.length === 0 ? [] : ["Enabled since, for use_skill {name}:", ...fresh.slice(0, NOTED).map(skillLine)]),
    ...(gone.length === 0 ? [] : [`Not enabled any more: ${gone.slice(0, NOTED).join(", ")}`]),
  ].join("\n");
}
