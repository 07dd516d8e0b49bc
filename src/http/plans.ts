import { z } from "zod";
import { bodyHash } from "../channels/body-hash.ts";
import { ExecutionPlan, PlanDraft, PlanPage, PlanQuery, PlanRun, StepName, StepPatch } from "../plans/shapes.ts";
import { askAgent } from "./ask-agent.ts";
import { REPLAYED, requestKey } from "./idempotency-key.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";

const params = z.object({ id: z.string().min(1).max(64) });
const tag = "Plans";
const path = "/api/v1/plans";
const missing = { 404: { description: "`not_found`" } };

export const planRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path,
    who: "user",
    tag,
    summary: "Your plans, newest first. Of each result the first 500 characters: one plan has the whole",
    query: PlanQuery,
    responses: { 200: { description: "`next_before` is for the next page; null: this is the last.", schema: PlanPage } },
    handle: (context) => retrying(() => askAgent(context, "plans.list", context.query)),
  }),
  defineRoute({
    method: "POST",
    path,
    who: "user",
    tag,
    summary: "Write a plan down. Nothing runs before its steps are approved",
    body: PlanDraft,
    headers: {
      "Idempotency-Key": "1 to 255 visible ASCII characters. A repeat with the same body is the same plan; another body is a 409.",
    },
    responses: {
      201: { description: "The plan, proposed.", schema: ExecutionPlan },
      400: {
        description: "`invalid_request`: a name, profile or tool is not there, or steps wait for each other; the message says which.",
      },
      409: { description: "`idempotency_conflict`: this Idempotency-Key came with another body before." },
      429: { description: "`rate_limited`: 50 plans wait for a decision." },
    },
    async handle(context) {
      const { key } = requestKey(context.request, () => crypto.randomUUID());
      const asked = { draft: context.body, key, bodyHash: await bodyHash(context.body) };
      const { plan, duplicate } = await retrying(() => askAgent(context, "plans.add", asked));
      return Response.json(plan, { status: 201, headers: duplicate ? { [REPLAYED]: "true" } : {} });
    },
  }),
  defineRoute({
    method: "GET",
    path: `${path}/{id}`,
    who: "user",
    tag,
    summary: "One plan with its steps: what each does, needs, brought",
    params,
    responses: { 200: { description: "As it is now.", schema: ExecutionPlan }, ...missing },
    handle: (context) => retrying(() => askAgent(context, "plans.get", context.params.id)),
  }),
  defineRoute({
    method: "PATCH",
    path: `${path}/{id}/steps/{name}`,
    who: "user",
    tag,
    summary: "Approve, reject or change a step that has not begun. Approving grants nothing: calls that ask ask as ever",
    params: params.extend({ name: StepName }),
    body: StepPatch,
    responses: {
      200: { description: "The plan as it is now.", schema: ExecutionPlan },
      400: { description: "`invalid_request`: the message says what is wrong with the step." },
      409: { description: "`conflict`: the step has begun, or the plan has ended." },
      ...missing,
    },
    handle: (context) => askAgent(context, "plans.change", { id: context.params.id, name: context.params.name, patch: context.body }),
  }),
  defineRoute({
    method: "POST",
    path: `${path}/{id}/run`,
    who: "user",
    tag,
    summary: "Run the approved steps of a plan, in the background",
    params,
    body: PlanRun,
    responses: {
      202: { description: "It runs. Ask for it again, or read its end in the conversation.", schema: ExecutionPlan },
      409: {
        description: "`conflict`: steps are not decided, none is approved, it was changed since `revision`, it runs already or has ended.",
      },
      429: { description: "`rate_limited`: 20 plans run." },
      ...missing,
    },
    async handle(context) {
      const { approve_rest: approveRest, revision } = context.body;
      return Response.json(await askAgent(context, "plans.run", { id: context.params.id, approveRest, revision }), { status: 202 });
    },
  }),
  defineRoute({
    method: "POST",
    path: `${path}/{id}/cancel`,
    who: "user",
    tag,
    summary: "Stop a plan at once. What its steps have done stays",
    params,
    responses: {
      200: { description: "The plan, cancelled.", schema: ExecutionPlan },
      409: { description: "`conflict`: it has ended already." },
      ...missing,
    },
    handle: (context) => askAgent(context, "plans.cancel", context.params.id),
  }),
  defineRoute({
    method: "POST",
    path: `${path}/{id}/retry`,
    who: "user",
    tag,
    summary: "Try again what failed, was stopped or skipped. What is done keeps its result",
    params,
    responses: {
      202: { description: "It runs.", schema: ExecutionPlan },
      409: { description: "`conflict`: it neither failed nor was cancelled." },
      429: { description: "`rate_limited`: 20 plans run." },
      ...missing,
    },
    handle: async (context) => Response.json(await askAgent(context, "plans.retry", context.params.id), { status: 202 }),
  }),
  defineRoute({
    method: "DELETE",
    path: `${path}/{id}`,
    who: "user",
    tag,
    summary: "Delete a plan that is proposed or has ended",
    params,
    responses: {
      200: { description: "The plan that was deleted.", schema: ExecutionPlan },
      409: { description: "`conflict`: it runs." },
      ...missing,
    },
    handle: (context) => askAgent(context, "plans.delete", context.params.id),
  }),
];
