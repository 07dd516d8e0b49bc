import { z } from "zod";
import { MargayError } from "../../errors.ts";
import { Tier } from "../../models/provider.ts";
import { ProfileInput, ProfileName, ProfileView, TaskLimits } from "../../tasks/shapes.ts";
import type { Tool } from "../tool.ts";
import { TASKS_WRITE, type TaskStores } from "./task-port.ts";

const Input = z.object({
  name: ProfileName,
  purpose: ProfileInput.shape.purpose.describe("one line"),
  prompt: ProfileInput.shape.prompt.describe("how it works"),
  tools: ProfileInput.shape.tools.describe("names of tools"),
  tier: Tier.optional(),
  minutes: TaskLimits.shape.minutes.optional(),
  steps: TaskLimits.shape.steps.optional(),
});

/** How it is taken back: what was made goes, what was changed becomes what it was. `at`: when the call wrote it. */
const Receipt = z.object({ name: z.string(), at: z.number().nullable(), before: ProfileView.nullable() });

/** Makes or changes a kind of agent for tasks in the background. It has at most what the user has granted, as one that is made on the page. */
export const saveProfile: Tool<typeof Input, TaskStores> = {
  name: "save_profile",
  version: 1,
  description: "Make or change a profile: a kind of agent that works on tasks",
  input: Input,
  capabilities: () => [TASKS_WRITE],
  effect: () => "write",
  asksIfTainted: () => "Content from outside was read before, and how your agents work could be its wish.",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 30, perMs: 60_000 },
  timeoutMs: 10_000,
  // It sets a state.
  replay: "keyed",
  rare: true,
  describe: ({ name, purpose, tools }) => `Save the profile ${name}: ${purpose}. Its tools: ${tools.join(", ") || "none"}`,
  async execute({ minutes, steps, tier, ...rest }, { stores }) {
    const limits = { ...(minutes === undefined ? {} : { minutes }), ...(steps === undefined ? {} : { steps }) };
    const { profile, before } = stores.tasks.saveProfile({ ...rest, limits, ...(tier === undefined ? {} : { tier }) });
    return {
      output: { [before === null ? "made" : "changed"]: profile.name, tools: profile.tools, limits: profile.limits },
      summary: `${before === null ? "Made" : "Changed"} the profile ${profile.name}`,
      receipt: { name: profile.name, at: profile.updated_at, before } satisfies z.infer<typeof Receipt>,
    };
  },
  async undo(receipt, { stores }) {
    const { name, at, before } = Receipt.parse(receipt);
    if (stores.tasks.profile(name)?.updated_at !== at)
      throw new MargayError("conflict", `The profile ${name} was changed or deleted since, so I left it as it is.`);
    if (before === null) stores.tasks.deleteProfile(name);
    else stores.tasks.saveProfile(before);
    return {
      output: { restored: name },
      summary: before === null ? `Took back the profile ${name}` : `Put the profile ${name} back as it was`,
    };
  },
};
