import { z } from "zod";
import { pushAccess } from "../auth/access.ts";
import { betterAuthOf } from "../auth/better-auth.ts";
import { Label } from "../auth/fields.ts";
import { apiKeysOf, type ApiKeyRow, countApiKeys, deleteApiKey, findOwnApiKey, setLastFour } from "../db/api-keys.ts";
import { database } from "../db/database.ts";
import { bumpAuthVersion } from "../db/users.ts";
import { MargayError } from "../errors.ts";
import { defineRoute, type Route } from "./route.ts";

const MOST_KEYS = 50;

/** An API key as lists show it. Instants are UTC milliseconds. */
export const ApiKeyView = z.object({
  id: z.string(),
  name: z.string(),
  /** An owner's key that may name another user where a route says so. */
  service: z.boolean(),
  last_four: z.string(),
  created_at: z.number().int(),
  /** To within ten minutes; null: never. */
  last_used_at: z.number().int().nullable(),
  expires_at: z.number().int().nullable(),
});
export type ApiKeyView = z.infer<typeof ApiKeyView>;

export const NewApiKey = ApiKeyView.extend({ key: z.string().describe("Shown only this once.") });

const KeyInput = z.object({
  name: Label,
  service: z.boolean().default(false).describe("A key that may act for other users; the owner only."),
  expires_in_days: z.number().int().min(1).max(365).optional().describe("Left out: it does not expire."),
});

const Metadata = z.object({ lastFour: z.string() });

function viewOf(row: ApiKeyRow): ApiKeyView {
  const metadata = Metadata.safeParse(row.metadata === null ? null : JSON.parse(row.metadata));
  return {
    id: row.id,
    name: row.name ?? "",
    service: row.configId === "service",
    last_four: metadata.success ? metadata.data.lastFour : "",
    created_at: row.createdAt.getTime(),
    last_used_at: row.lastRequest?.getTime() ?? null,
    expires_at: row.expiresAt?.getTime() ?? null,
  };
}

export const apiKeyRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/keys",
    who: "session",
    tag: "API keys",
    summary: "Your API keys",
    responses: { 200: { description: "Oldest first.", schema: z.object({ keys: z.array(ApiKeyView) }) } },
    async handle({ env, principal }) {
      return { keys: (await apiKeysOf(await database(env), principal.userId)).map(viewOf) };
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/keys",
    who: "session",
    tag: "API keys",
    summary: "Make an API key",
    body: KeyInput,
    responses: {
      200: { description: "The key itself is in this answer and never again.", schema: NewApiKey },
      409: { description: `\`conflict\`: there are ${MOST_KEYS} already.` },
    },
    async handle({ env, url, body, principal }) {
      if (body.service && principal.role !== "owner") throw new MargayError("forbidden", "Only the owner may make a service key.");
      const db = await database(env);
      const { userId } = principal;
      if ((await countApiKeys(db, userId)) >= MOST_KEYS)
        throw new MargayError("conflict", `You have ${MOST_KEYS} API keys already. Delete one that is not used.`);
      const auth = await betterAuthOf(env, url);
      const { id, key } = await auth.api.createApiKey({
        body: {
          userId,
          name: body.name,
          configId: body.service ? "service" : "default",
          ...(body.expires_in_days === undefined ? {} : { expiresIn: body.expires_in_days * 24 * 60 * 60 }),
        },
      });
      await setLastFour(db, id, key.slice(-4));
      const row = await findOwnApiKey(db, userId, id);
      if (row === null) throw new MargayError("conflict", "The key was deleted while it was made.");
      return { ...viewOf(row), key };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/keys/{id}",
    who: "session",
    tag: "API keys",
    summary: "Revoke an API key",
    params: z.object({ id: z.string().min(1).max(64) }),
    bodyKind: "none",
    responses: { 204: { description: "It is not accepted any more, anywhere." }, 404: { description: "`not_found`" } },
    async handle({ env, params, principal }) {
      const db = await database(env);
      if ((await findOwnApiKey(db, principal.userId, params.id)) === null) throw new MargayError("not_found", "You have no such API key.");
      await db.batch([deleteApiKey(db, principal.userId, params.id), bumpAuthVersion(db, principal.userId)]);
      await pushAccess(env, principal.userId);
      return null;
    },
  }),
];
