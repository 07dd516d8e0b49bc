import { z } from "zod";
import { visible } from "../permission/visible.ts";
import { defineRoute, type Route } from "./route.ts";
import { withAgent } from "./with-agent.ts";

/** One difference, for a person; null: nothing was or is set. */
export const ConfigChangeView = z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() });

/** A state that the configuration was in. */
export const VersionView = z.object({
  version: z.number().int(),
  /** UTC milliseconds. */
  at: z.number().int(),
  author: z.enum(["user", "agent", "system"]),
  channel: z.string().nullable(),
  summary: z.string(),
  /** Against the version before. */
  changes: z.array(ConfigChangeView),
  /** Whether it is the state of now. */
  current: z.boolean(),
});
export type VersionView = z.infer<typeof VersionView>;

const params = z.object({ version: z.coerce.number().int().positive() });
const tag = "Settings";
const Changes = z.object({ changes: z.array(ConfigChangeView) });

export const settingsVersionRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/settings/versions",
    who: "user",
    tag,
    summary: "Every state your settings and standing permissions were in, newest first",
    query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(30), before: z.coerce.number().int().positive().optional() }),
    responses: {
      200: {
        description: "`next_before` is for the next page; null: this is the last.",
        schema: z.object({ versions: z.array(VersionView), next_before: z.number().int().nullable() }),
      },
    },
    async handle(context) {
      const { limit, before = null } = context.query;
      const page = await withAgent(context, (agent, caller) => agent.configVersions(caller, limit, before));
      return {
        versions: page.versions.map(({ seq, summary, ...version }) => ({ version: seq, summary: visible(summary), ...version })),
        next_before: page.nextBefore,
      };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/settings/versions/{version}/diff",
    who: "user",
    tag,
    summary: "What differs between a version and another (`to`), or now",
    params,
    query: z.object({ to: z.coerce.number().int().positive().optional() }),
    responses: { 200: { description: "From this version to the other.", schema: Changes }, 404: { description: "`not_found`" } },
    handle: async (context) => ({
      changes: await withAgent(context, (agent, caller) => agent.compareConfig(caller, context.params.version, context.query.to ?? null)),
    }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/settings/versions/{version}/restore",
    who: "user",
    tag,
    summary: "Go back to a version: its settings and exactly its standing permissions. That is a new version too",
    params,
    responses: { 200: { description: "What it changed.", schema: Changes }, 404: { description: "`not_found`" } },
    handle: async (context) => ({
      changes: await withAgent(context, (agent, caller) => agent.restoreConfig(caller, context.params.version)),
    }),
  }),
];
