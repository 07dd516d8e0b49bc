import { z } from "zod";
import {
  BuiltInChange,
  BuiltInView,
  PreviewInput,
  ScheduleInput,
  SchedulePatch,
  SchedulePreview,
  ScheduleQuery,
  ScheduleRun,
  ScheduleView,
} from "../schedule/shapes.ts";
import { askAgent } from "./ask-agent.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";

const params = z.object({ id: z.string().min(1).max(64) });
const tag = "Schedules";
const NO_SCHEDULE = { description: "`not_found`" };
const NOT_CLEAR = { description: "`invalid_request`: a field is wrong, or `when` is not clear or over; the message asks back." };
const FULL = { description: "`conflict`: there are 200 already." };

export const scheduleRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/schedules",
    who: "user",
    tag,
    summary: "Your schedules and reminders: the next first, then paused ones; with `state=ended` or `all` also what has ended, for 90 days",
    query: ScheduleQuery,
    responses: { 200: { description: "At most `limit` of them.", schema: z.object({ schedules: z.array(ScheduleView) }) } },
    handle: async (context) => ({ schedules: await retrying(() => askAgent(context, "schedule.list", context.query)) }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/schedules",
    who: "user",
    tag,
    summary: "Schedule something. `when` is plain words (`every weekday at 9`), cron or ISO 8601, in your time zone",
    body: ScheduleInput,
    responses: { 201: { description: "The new schedule.", schema: ScheduleView }, 400: NOT_CLEAR, 409: FULL },
    handle: async (context) => Response.json(await askAgent(context, "schedule.add", context.body), { status: 201 }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/schedules/preview",
    who: "user",
    tag,
    summary:
      "What would be made of `when`: how it is understood and the next five times, or the question that asks back. Nothing is stored",
    body: PreviewInput,
    responses: { 200: { description: "What was understood, or `ask`.", schema: SchedulePreview } },
    handle: (context) => retrying(() => askAgent(context, "schedule.preview", context.body)),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/schedules/built-in",
    who: "user",
    tag,
    summary: "Schedules that come with Margay, and which of them are on",
    responses: { 200: { description: "All of them.", schema: z.object({ built_in: z.array(BuiltInView) }) } },
    handle: async (context) => ({ built_in: await retrying(() => askAgent(context, "schedule.builtIn", null)) }),
  }),
  defineRoute({
    method: "PUT",
    path: "/api/v1/schedules/built-in/{name}",
    who: "user",
    tag,
    summary: "Switch a built-in schedule on or off, or move it",
    params: z.object({ name: z.string().min(1).max(64) }),
    body: BuiltInChange,
    responses: { 200: { description: "As it is now.", schema: BuiltInView }, 400: NOT_CLEAR, 404: NO_SCHEDULE, 409: FULL },
    handle: (context) => askAgent(context, "schedule.setBuiltIn", { name: context.params.name, change: context.body }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/schedules/{id}",
    who: "user",
    tag,
    summary: "One schedule",
    params,
    responses: { 200: { description: "The schedule.", schema: ScheduleView }, 404: NO_SCHEDULE },
    handle: (context) => retrying(() => askAgent(context, "schedule.get", context.params.id)),
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/v1/schedules/{id}",
    who: "user",
    tag,
    summary: "Change, pause or resume a schedule",
    params,
    body: SchedulePatch.refine((patch) => Object.keys(patch).length > 0, "names nothing to change"),
    responses: {
      200: { description: "As it is now.", schema: ScheduleView },
      400: NOT_CLEAR,
      404: NO_SCHEDULE,
      409: { description: "`conflict`: its time is over, or there are 200 already." },
    },
    handle: (context) => askAgent(context, "schedule.update", { id: context.params.id, patch: context.body }),
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/schedules/{id}",
    who: "user",
    tag,
    summary: "Delete a schedule",
    params,
    responses: { 200: { description: "The schedule that was deleted.", schema: ScheduleView }, 404: NO_SCHEDULE },
    handle: (context) => askAgent(context, "schedule.delete", context.params.id),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/schedules/{id}/run",
    who: "user",
    tag,
    summary: "Run a schedule now, beside its times",
    params,
    responses: {
      200: { description: "The run; `failed` with the reason where it could not be.", schema: ScheduleRun },
      404: NO_SCHEDULE,
    },
    handle: (context) => askAgent(context, "schedule.run", context.params.id),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/schedules/{id}/runs",
    who: "user",
    tag,
    summary: "When a schedule ran in the last 90 days and what came of it, newest first",
    params,
    query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
    responses: { 200: { description: "At most `limit` of them.", schema: z.object({ runs: z.array(ScheduleRun) }) }, 404: NO_SCHEDULE },
    handle: async (context) => ({
      runs: await retrying(() => askAgent(context, "schedule.runs", { id: context.params.id, limit: context.query.limit })),
    }),
  }),
];
