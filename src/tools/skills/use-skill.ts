import { z } from "zod";
import type { Tool } from "../tool.ts";
import { SKILLS_USE, type SkillStores } from "./skill-port.ts";

const Input = z.object({ name: z.string().max(100), file: z.string().max(400).optional().describe("one of its files") });

/** Reads how something is done well: the instructions of a skill that the user enabled, or one of its files. They are read when they are used, and not before. */
export const useSkill: Tool<typeof Input, SkillStores> = {
  name: "use_skill",
  version: 1,
  description: "Read a skill: how to do something well",
  input: Input,
  capabilities: () => [SKILLS_USE],
  effect: () => "read",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 60, perMs: 60_000 },
  timeoutMs: 10_000,
  replay: "safe",
  rare: true,
  describe: ({ name, file }) => (file === undefined ? `Read the skill ${name}` : `Read ${file} of the skill ${name}`),
  async execute({ name, file }, { stores, idempotencyKey }) {
    const { text, summary, untrusted } = stores.skills.read(name, file ?? null, idempotencyKey);
    return { output: text, summary, ...(untrusted === null ? {} : { untrusted }) };
  },
};
