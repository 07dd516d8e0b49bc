import { z } from "zod";
import type { UserSettings } from "../agent/shapes.ts";
import { Effect } from "../permission/effect.ts";
import { TimeZone } from "../channels/fields.ts";
import { HeartbeatPatch, HeartbeatSettings } from "../heartbeat/shapes.ts";
import { SelfImprovement } from "../self-improvement/shapes.ts";
import { defineRoute, type Route } from "./route.ts";
import { withAgent } from "./with-agent.ts";

const Chain = z
  .array(
    z
      .string()
      .max(200)
      .regex(/^[a-z-]+(:[\w.-]{1,64})?\/\S+$/, "is not written `provider/model`"),
  )
  .min(1)
  .max(10)
  .nullable();

/** A user's settings as HTTP shows them. */
export const SettingsView = z.object({
  /** IANA name; null: not known yet, UTC is used. */
  time_zone: z.string().nullable(),
  /** Models per tier, tried in order, as `provider/model`; null: the deployment's. */
  models: z.object({ fast: z.array(z.string()).nullable(), smart: z.array(z.string()).nullable(), vision: z.array(z.string()).nullable() }),
  tier: z.enum(["fast", "smart"]),
  /** What your agent is told about how to be; empty: nothing. */
  persona: z.string(),
  /** Minutes that an approval waits, by effect; what is left out: a day. */
  approval_minutes: z.partialRecord(Effect, z.number().int()),
  /** Tools that are always asked about (`ask`) or switched off (`off`). */
  tools: z.record(z.string(), z.enum(["ask", "off"])),
  /** Whether your agent remembers by itself after conversations, without being told to. */
  memory_quiet: z.boolean(),
  /** What your agent looks at by itself, how often at most, and when it says nothing. */
  heartbeat: HeartbeatSettings,
  /** Tasks in the background that run at once. */
  executors: z.number().int(),
  /** Whether your agent looks once a week for what could be done better: `off`, `propose` (you decide), `wording` (as well, and it changes the words of skills by itself, which can be taken back). */
  self_improvement: SelfImprovement,
});
export type SettingsView = z.infer<typeof SettingsView>;

/** What is left out stays as it is; `null` takes a setting back. `tools` and `approval_minutes` are replaced whole. */
export const SettingsPatch = z
  .object({
    time_zone: TimeZone.nullable(),
    models: z.object({ fast: Chain, smart: Chain, vision: Chain }).partial(),
    tier: z.enum(["fast", "smart"]),
    persona: z.string().max(4_000),
    approval_minutes: z.partialRecord(Effect, z.number().int().min(5).max(10_080)),
    tools: z.record(z.string().max(100), z.enum(["ask", "off"])).refine((tools) => Object.keys(tools).length <= 500, "are too many"),
    memory_quiet: z.boolean(),
    /** What is left out of it stays as it is. */
    heartbeat: HeartbeatPatch,
    executors: z.number().int().min(1).max(20),
    self_improvement: SelfImprovement,
  })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, "names nothing to change");

const view = ({
  timeZone,
  models,
  tier,
  persona,
  approvalMinutes,
  tools,
  memoryQuiet,
  heartbeat,
  executors,
  selfImprovement,
}: UserSettings): SettingsView => ({
  time_zone: timeZone,
  models,
  tier,
  persona,
  approval_minutes: approvalMinutes,
  tools,
  memory_quiet: memoryQuiet,
  heartbeat,
  executors,
  self_improvement: selfImprovement,
});

export const settingsRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/settings",
    who: "user",
    tag: "Settings",
    summary: "Your settings",
    responses: { 200: { description: "All of them.", schema: SettingsView } },
    handle: async (context) => view(await withAgent(context, (agent, caller) => agent.settings(caller))),
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/v1/settings",
    who: "user",
    tag: "Settings",
    summary: "Change some of your settings",
    body: SettingsPatch,
    responses: { 200: { description: "All settings after the change.", schema: SettingsView } },
    async handle(context) {
      const {
        time_zone: timeZone,
        models,
        tier,
        persona,
        approval_minutes: approvalMinutes,
        tools,
        memory_quiet: memoryQuiet,
        heartbeat,
        executors,
        self_improvement: selfImprovement,
      } = context.body;
      const changed: Partial<UserSettings> = {};
      if (timeZone !== undefined) changed.timeZone = timeZone;
      if (tier !== undefined) changed.tier = tier;
      if (persona !== undefined) changed.persona = persona;
      if (approvalMinutes !== undefined) changed.approvalMinutes = approvalMinutes;
      if (tools !== undefined) changed.tools = tools;
      if (memoryQuiet !== undefined) changed.memoryQuiet = memoryQuiet;
      if (executors !== undefined) changed.executors = executors;
      if (selfImprovement !== undefined) changed.selfImprovement = selfImprovement;
      if (models !== undefined || heartbeat !== undefined) {
        const current = await withAgent(context, (agent, caller) => agent.settings(caller));
        if (models !== undefined) changed.models = { ...current.models, ...models };
        if (heartbeat !== undefined) changed.heartbeat = HeartbeatSettings.parse({ ...current.heartbeat, ...heartbeat });
      }
      return view(await withAgent(context, (agent, caller) => agent.updateSettings(caller, changed)));
    },
  }),
];
