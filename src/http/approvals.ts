import { z } from "zod";
import { ApprovalQuery } from "../agent/shapes.ts";
import { type ApprovalAnswer, ApprovalView } from "../channels/approval-view.ts";
import { defineRoute, type Route, type RouteContext } from "./route.ts";
import { withAgent } from "./with-agent.ts";

const params = z.object({ id: z.string().min(1).max(64) });
const Note = z.string().max(2_000).optional().describe("Your word to the agent about it.");
const tag = "Approvals";
const responses = {
  200: { description: "The approval as it is now. Approved, it runs at once: ask again for how it ended.", schema: ApprovalView },
  404: { description: "`not_found`" },
  409: { description: "`conflict`: it was answered already, on this channel or another, or its time is over; the message says how." },
};

const answer = (
  context: RouteContext<{ id: string }, unknown, unknown, "user">,
  given: { answer: ApprovalAnswer; note?: string | undefined },
): Promise<ApprovalView> => {
  const channel = context.principal.via === "session" ? "web" : "http";
  return withAgent(context, (agent, caller) => agent.answerApproval(caller, context.params.id, given, channel));
};

export const approvalRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/approvals",
    who: "user",
    tag,
    summary: "What your agent asks you: waiting approvals, oldest first; with `state=all` the settled ones too, newest first",
    query: ApprovalQuery,
    responses: {
      200: {
        description: "`next_before` is for the next page; null: this is the last.",
        schema: z.object({ approvals: z.array(ApprovalView), next_before: z.number().int().nullable() }),
      },
    },
    handle: (context) => withAgent(context, (agent, caller) => agent.approvals(caller, context.query)),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/approvals/{id}",
    who: "user",
    tag,
    summary: "One approval, with the complete arguments of the call",
    params,
    responses: { 200: { description: "The approval.", schema: ApprovalView }, 404: { description: "`not_found`" } },
    handle: (context) => withAgent(context, (agent, caller) => agent.approval(caller, context.params.id)),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/approvals/{id}/approve",
    who: "user",
    tag,
    summary: "Say yes: to this call (`once`), to calls like it for this task (`task`), or from now on (`always`)",
    params,
    body: z.object({ scope: z.enum(["once", "task", "always"]).default("once"), note: Note }),
    responses,
    handle: (context) => answer(context, { answer: context.body.scope, note: context.body.note }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/approvals/{id}/reject",
    who: "user",
    tag,
    summary: "Say no; the note reaches your agent",
    params,
    body: z.object({ note: Note }),
    responses,
    handle: (context) => answer(context, { answer: "deny", note: context.body.note }),
  }),
];
