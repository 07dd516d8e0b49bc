import { z } from "zod";
import {
  FiringPage,
  FiringQuery,
  HookSecret,
  ListenerInput,
  ListenerMade,
  ListenerPatch,
  ListenerView,
  TestInput,
  TestResult,
} from "../events/shapes.ts";
import { askAgent } from "./ask-agent.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";

const params = z.object({ id: z.string().min(1).max(64) });
const tag = "Listeners";
const NO_LISTENER = { description: "`not_found`" };
const INVALID = { description: "`invalid_request`: an address that is not looked at, a secret that cannot be one." };

export const listenerRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/listeners",
    who: "user",
    tag,
    summary: "What your agent acts on when it happens: hooks that services post to, feeds, pages",
    responses: { 200: { description: "By number.", schema: z.object({ listeners: z.array(ListenerView) }) } },
    handle: async (context) => ({ listeners: await retrying(() => askAgent(context, "listener.list", null)) }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/listeners",
    who: "user",
    tag,
    summary: "Listen to something. The secret of a hook is shown now and never again",
    body: ListenerInput,
    responses: {
      201: { description: "The listener, and the secret that was made for it.", schema: ListenerMade },
      400: INVALID,
      409: { description: "`conflict`: there are as many as fit. `not_configured`: mail, where none comes to this Margay." },
    },
    handle: async (context) => Response.json(await askAgent(context, "listener.add", context.body), { status: 201 }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/listeners/{id}",
    who: "user",
    tag,
    summary: "One listener",
    params,
    responses: { 200: { description: "As it is now.", schema: ListenerView }, 404: NO_LISTENER },
    handle: (context) => retrying(() => askAgent(context, "listener.get", context.params.id)),
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/v1/listeners/{id}",
    who: "user",
    tag,
    summary: "Change, pause or resume a listener",
    params,
    body: ListenerPatch.refine((patch) => Object.keys(patch).length > 0, "names nothing to change"),
    responses: { 200: { description: "As it is now.", schema: ListenerView }, 400: INVALID, 404: NO_LISTENER },
    handle: (context) => askAgent(context, "listener.update", { id: context.params.id, patch: context.body }),
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/listeners/{id}",
    who: "user",
    tag,
    summary: "Delete a listener, with its address, its secret and its log. It cannot be taken back",
    params,
    responses: { 200: { description: "As it was.", schema: ListenerView }, 404: NO_LISTENER },
    handle: (context) => askAgent(context, "listener.delete", context.params.id),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/listeners/{id}/secret",
    who: "user",
    tag,
    summary: "A new secret for a hook: yours, or one that is made and shown this once. The one before is taken for 24 hours more",
    params,
    body: z.object({ secret: HookSecret.optional() }),
    responses: {
      200: { description: "The listener, and the secret that was made.", schema: ListenerMade },
      400: INVALID,
      404: NO_LISTENER,
    },
    handle: (context) => askAgent(context, "listener.rotate", { id: context.params.id, secret: context.body.secret ?? null }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/listeners/{id}/test",
    who: "user",
    tag,
    summary:
      "Try a listener out with an event of yours or a sample: what its conditions find and what it would do. With `dry_run` false it does it",
    params,
    body: TestInput,
    responses: { 200: { description: "What would be done, or was begun.", schema: TestResult }, 404: NO_LISTENER },
    handle: (context) => askAgent(context, "listener.test", { id: context.params.id, input: context.body }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/listeners/{id}/firings",
    who: "user",
    tag,
    summary: "What came to a listener in the last 30 days, and what became of it",
    params,
    query: FiringQuery,
    responses: { 200: { description: "Newest first.", schema: FiringPage }, 404: NO_LISTENER },
    handle: (context) => retrying(() => askAgent(context, "listener.firings", { id: context.params.id, query: context.query })),
  }),
];
