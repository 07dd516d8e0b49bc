import { z } from "zod";
import { MAX_SECRET, SECRET_NAME } from "../agent/secrets.ts";
import { SecretUse, type VaultEntry } from "../secrets/vault.ts";
import { defineRoute, type Route } from "./route.ts";
import { withAgent } from "./with-agent.ts";

/** A stored secret. Its value is never shown. */
export const SecretView = z.object({
  name: z.string(),
  /** Its last four characters; empty for a short one. */
  last_four: z.string(),
  /** UTC milliseconds. */
  updated_at: z.number().int(),
  used_at: z.number().int().nullable(),
  /** Where tools may send it, and at which place of a request; null: no tool may use it. */
  use: SecretUse.nullable(),
  /** Margay's own: model keys and bot tokens, which have pages of their own. */
  system: z.boolean(),
});
export type SecretView = z.infer<typeof SecretView>;

const view = ({ name, lastFour, updatedAt, usedAt, use }: VaultEntry): SecretView => ({
  name,
  last_four: lastFour,
  updated_at: updatedAt,
  used_at: usedAt,
  use,
  system: name.includes(":"),
});

const params = z.object({
  name: z.string().regex(SECRET_NAME, "has 1 to 64 lower-case letters, digits, dots, - or _"),
});
const tag = "Secrets";

export const secretRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/secrets",
    who: "user",
    tag,
    summary: "Your stored secrets: names, last use and last four characters",
    responses: { 200: { description: "By name.", schema: z.object({ secrets: z.array(SecretView) }) } },
    handle: async (context) => ({ secrets: (await withAgent(context, (agent, caller) => agent.secrets(caller))).map(view) }),
  }),
  defineRoute({
    method: "PUT",
    path: "/api/v1/secrets/{name}",
    who: "user",
    tag,
    summary: "Store or replace a secret. Nothing shows its value again",
    params,
    body: z.object({
      value: z.string().min(1).max(MAX_SECRET).optional().describe("Left out: a stored one keeps its value, and only `use` changes."),
      use: SecretUse.nullable()
        .optional()
        .describe(
          "Where tools may send it; null: no tool may use it. Left out: a stored one may go where it may go now, and a new one is for no tool.",
        ),
    }),
    responses: {
      200: { description: "Stored.", schema: z.object({ name: z.string(), last_four: z.string() }) },
      400: { description: "`invalid_request`: a host pattern is none." },
      404: { description: "`not_found`: no value is given, and none is stored." },
    },
    async handle(context) {
      const { value = null, use } = context.body;
      const stored = await withAgent(context, (agent, caller) => agent.putSecret(caller, context.params.name, value, use));
      return { name: stored.name, last_four: stored.lastFour };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/secrets/{name}",
    who: "user",
    tag,
    summary: "Delete a secret for good",
    params,
    responses: { 204: { description: "Gone." }, 404: { description: "`not_found`" } },
    async handle(context) {
      await withAgent(context, (agent, caller) => agent.deleteSecret(caller, context.params.name));
      return new Response(null, { status: 204 });
    },
  }),
];
