import { z } from "zod";
import {
  ExecutionPlan,
  PlaybookFromPlan,
  PlaybookInput,
  PlaybookList,
  PlaybookName,
  PlaybookPatch,
  PlaybookRun,
  PlaybookView,
} from "../plans/shapes.ts";
import { askAgent } from "./ask-agent.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";

const params = z.object({ name: PlaybookName });
const tag = "Plans";
const path = "/api/v1/plans/playbook";
const missing = { 404: { description: "`not_found`" } };
const ownOnly = { 403: { description: "`forbidden`: it is Margay's own." } };

/** These stand before `/api/v1/plans/{id}`, which would match them too. */
export const playbookRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path,
    who: "user",
    tag,
    summary: "Playbooks: plans with blanks, Margay's own and yours",
    responses: { 200: { description: "Margay's own first.", schema: PlaybookList } },
    handle: (context) => retrying(() => askAgent(context, "playbooks.list", null)),
  }),
  defineRoute({
    method: "POST",
    path,
    who: "user",
    tag,
    summary: "Make a playbook, or (`plan_id`) make one of a plan",
    body: z.union([PlaybookFromPlan, PlaybookInput]),
    responses: {
      201: { description: "The new playbook.", schema: PlaybookView },
      400: { description: "`invalid_request`: the message says what is wrong." },
      404: { description: "`not_found`: there is no such plan." },
      409: { description: "`conflict`: the name is taken, or there are 100." },
    },
    handle: async (context) => Response.json(await askAgent(context, "playbooks.add", context.body), { status: 201 }),
  }),
  defineRoute({
    method: "GET",
    path: `${path}/{name}`,
    who: "user",
    tag,
    summary: "One playbook",
    params,
    responses: { 200: { description: "As it is now.", schema: PlaybookView }, ...missing },
    handle: (context) => retrying(() => askAgent(context, "playbooks.get", context.params.name)),
  }),
  defineRoute({
    method: "PATCH",
    path: `${path}/{name}`,
    who: "user",
    tag,
    summary: "Change a playbook of yours. Plans that were made from it stay as they are",
    params,
    body: PlaybookPatch,
    responses: { 200: { description: "As it is now.", schema: PlaybookView }, ...ownOnly, ...missing },
    handle: (context) => askAgent(context, "playbooks.update", { name: context.params.name, patch: context.body }),
  }),
  defineRoute({
    method: "DELETE",
    path: `${path}/{name}`,
    who: "user",
    tag,
    summary: "Delete a playbook of yours",
    params,
    responses: {
      200: { description: "The playbook that was deleted.", schema: PlaybookView },
      409: { description: "`conflict`: schedules or listeners use it; the message names them." },
      ...ownOnly,
      ...missing,
    },
    handle: (context) => askAgent(context, "playbooks.delete", context.params.name),
  }),
  defineRoute({
    method: "POST",
    path: `${path}/{name}/run`,
    who: "user",
    tag,
    summary: "Run a playbook with its variables",
    params,
    body: PlaybookRun,
    responses: {
      202: { description: "The plan that was made of it, running.", schema: ExecutionPlan },
      400: { description: "`invalid_request`: a variable is missing or unknown; the message names it." },
      429: { description: "`rate_limited`: 20 plans run." },
      ...missing,
    },
    handle: async (context) =>
      Response.json(await askAgent(context, "playbooks.run", { name: context.params.name, variables: context.body.variables }), {
        status: 202,
      }),
  }),
];
