import { MAX_TRIALS, RUNS_CODE, TrialInput } from "../../self-improvement/trial.ts";
import type { Tool } from "../tool.ts";
import { DraftInput } from "./draft-input.ts";
import type { DraftStores } from "./draft-port.ts";
import { SKILLS_PROPOSE } from "./skill-port.ts";

const Input = DraftInput.extend({ examples: TrialInput.array().max(MAX_TRIALS).optional() });

/** Looks at a draft of a skill as the user's page would, and runs its programs on examples so that they can only read. */
export const trySkill: Tool<typeof Input, DraftStores> = {
  name: "try_skill",
  version: 1,
  description: "Check a draft of a skill and run its scripts on examples; changes nothing",
  input: Input,
  // Its programs are code like any other.
  capabilities: ({ examples = [] }) => (examples.length === 0 ? [SKILLS_PROPOSE] : [SKILLS_PROPOSE, RUNS_CODE]),
  doesAlso: { run_javascript: "It runs the programs of a draft" },
  effect: () => "read",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 20, perMs: 3_600_000 },
  timeoutMs: 200_000,
  replay: "safe",
  rare: true,
  describe: ({ examples = [] }) => `Try a draft of a skill${examples.length === 0 ? "" : ` on ${examples.length} examples`}`,
  async execute({ examples = [], ...draft }, { stores, idempotencyKey, marks = null, profile, turnId = null, tainted, signal }) {
    const { read, version, problems, runs } = await stores.drafts.try(draft, examples, {
      callId: idempotencyKey,
      marks,
      profile,
      turnId,
      tainted,
      signal,
    });
    const failed = runs.filter(({ ok }) => !ok).length;
    const ended = problems.length + failed === 0 ? "nothing to mend" : `${problems.length + failed} to mend`;
    return {
      output: { readable: version !== null, problems, runs },
      summary: `Tried a draft of a skill: ${ended}`,
      ...(read.untrusted === null ? {} : { untrusted: read.untrusted }),
      links: read.links,
      suspicious: read.suspicious,
      usedGiven: read.usedGiven,
    };
  },
};
