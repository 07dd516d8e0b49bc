import { z } from "zod";
import { ProfileInput, ProfileList, ProfileName, ProfilePatch, ProfileView } from "../tasks/shapes.ts";
import { askAgent } from "./ask-agent.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";

const params = z.object({ name: ProfileName });
const tag = "Tasks";

export const profileRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/profiles",
    who: "user",
    tag,
    summary: "The kinds of agents that work in the background: Margay's own and yours, and what may be chosen from for one",
    responses: { 200: { description: "Margay's own first.", schema: ProfileList } },
    handle: (context) => retrying(() => askAgent(context, "profiles.list", null)),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/profiles",
    who: "user",
    tag,
    summary: "Make a profile. It can use at most what is granted to your agent",
    body: ProfileInput,
    responses: {
      201: { description: "The new profile.", schema: ProfileView },
      400: { description: "`invalid_request`: a tool is not there, or a capability is not granted; the message says which." },
      409: { description: "`conflict`: the name is taken, or there are 50." },
    },
    handle: async (context) => Response.json(await askAgent(context, "profiles.add", context.body), { status: 201 }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/profiles/{name}",
    who: "user",
    tag,
    summary: "One profile",
    params,
    responses: { 200: { description: "As it is now.", schema: ProfileView }, 404: { description: "`not_found`" } },
    handle: (context) => retrying(() => askAgent(context, "profiles.get", context.params.name)),
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/v1/profiles/{name}",
    who: "user",
    tag,
    summary: "Change a profile of yours. Tasks that run go on as they were",
    params,
    body: ProfilePatch,
    responses: {
      200: { description: "As it is now.", schema: ProfileView },
      403: { description: "`forbidden`: it is Margay's own." },
      404: { description: "`not_found`" },
    },
    handle: (context) => askAgent(context, "profiles.update", { name: context.params.name, patch: context.body }),
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/profiles/{name}",
    who: "user",
    tag,
    summary: "Delete a profile of yours. Tasks that run go on as they were",
    params,
    responses: {
      200: { description: "The profile that was deleted.", schema: ProfileView },
      403: { description: "`forbidden`: it is Margay's own." },
      404: { description: "`not_found`" },
    },
    handle: (context) => askAgent(context, "profiles.delete", context.params.name),
  }),
];
