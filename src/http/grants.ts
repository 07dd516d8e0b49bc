import { z } from "zod";
import { type GrantRow, holds } from "../db/object/grants.ts";
import { visible } from "../permission/visible.ts";
import { defineRoute, type Route } from "./route.ts";
import { withAgent } from "./with-agent.ts";

/** A standing permission as the API shows it. Instants are UTC milliseconds. */
export const GrantView = z.object({
  id: z.string(),
  tool: z.string(),
  /** What it covers, in words. */
  label: z.string(),
  /** Where calls may go; null: it covers one call with exactly the arguments that were approved. */
  destinations: z.array(z.string()).nullable(),
  /** `task`: for one task, a day at most. */
  scope: z.enum(["always", "task"]),
  /** Whether it holds now. */
  active: z.boolean(),
  /** The approval that it was made by. */
  approval_id: z.string().nullable(),
  created_at: z.number().int(),
  expires_at: z.number().int().nullable(),
  revoked_at: z.number().int().nullable(),
  used_at: z.number().int().nullable(),
  uses: z.number().int(),
});
export type GrantView = z.infer<typeof GrantView>;

export const grantView = (grant: GrantRow, now: number): GrantView => ({
  id: grant.id,
  tool: grant.tool,
  label: visible(grant.label),
  destinations: "destinations" in grant.covers ? grant.covers.destinations.map((text) => visible(text)) : null,
  scope: grant.taskId === null ? "always" : "task",
  active: holds(grant, now),
  approval_id: grant.approvalId,
  created_at: grant.createdAt,
  expires_at: grant.expiresAt,
  revoked_at: grant.revokedAt,
  used_at: grant.usedAt,
  uses: grant.uses,
});

export const grantRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/grants",
    who: "user",
    tag: "Approvals",
    summary: "What your agent may do without asking; with `state=all` also what it may not any more",
    query: z.object({ state: z.enum(["active", "all"]).default("active"), search: z.string().max(200).optional() }),
    responses: { 200: { description: "Newest first.", schema: z.object({ grants: z.array(GrantView) }) } },
    async handle(context) {
      const { state, search = "" } = context.query;
      const words = search.toLowerCase().split(/\s+/).filter(Boolean);
      const all = (await withAgent(context, (agent, caller) => agent.grants(caller))).map((grant) => grantView(grant, Date.now()));
      return {
        grants: all.filter(
          ({ active, tool, label }) =>
            (state === "all" || active) && words.every((word) => `${tool} ${label}`.toLowerCase().includes(word)),
        ),
      };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/grants/{id}",
    who: "user",
    tag: "Approvals",
    summary: "Take a standing permission back: from now on you are asked again",
    params: z.object({ id: z.string().min(1).max(64) }),
    responses: {
      200: { description: "The permission as it was taken back.", schema: GrantView },
      404: { description: "`not_found`: there is none, or it does not hold any more." },
    },
    handle: async (context) =>
      grantView(await withAgent(context, (agent, caller) => agent.revokeGrant(caller, context.params.id)), Date.now()),
  }),
];
