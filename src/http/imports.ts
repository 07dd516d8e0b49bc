import { z } from "zod";
import { ImportPlan, ImportReport } from "../import/shapes.ts";
import { askAgent } from "./ask-agent.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";

const params = z.object({ id: z.string().min(1).max(64) });
const tag = "Imports";

/** What a person brings along from another product. */
export const importRoutes: Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/v1/imports",
    who: "user",
    tag,
    summary: "Look into an OpenClaw workspace, a ChatGPT or Claude export or a folder of Markdown, and say what would be taken over",
    body: z.object({
      /** Of `POST /api/v1/files`: a zip, or a single JSON or Markdown file. */
      key: z.string().min(1).max(512),
      /** What the file is called. */
      name: z.string().min(1).max(255),
    }),
    responses: {
      201: { description: "The plan. Nothing is taken over yet.", schema: ImportPlan },
      400: {
        description:
          "`unsupported`: it is nothing that can be imported; `invalid_request`: it is damaged or empty. The message says which.",
      },
      404: { description: "`not_found`: there is no such upload of yours." },
      413: { description: "`payload_too_large`: it unpacks to more than 200 MB." },
    },
    handle: async (context) => Response.json(await askAgent(context, "import.plan", context.body), { status: 201 }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/imports/{id}/run",
    who: "user",
    tag,
    summary: "Take over what the plan says. Doing it again adds nothing; a large one goes on in the background",
    params,
    responses: {
      200: { description: "How it stands. While `status` is `running`, ask for the report again.", schema: ImportReport },
      404: { description: "`not_found`" },
    },
    handle: (context) => retrying(() => askAgent(context, "import.run", context.params.id)),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/imports/{id}",
    who: "user",
    tag,
    summary: "How an import stands: what was added, what was there already, what was left out and why",
    params,
    responses: { 200: { description: "The report.", schema: ImportReport }, 404: { description: "`not_found`" } },
    handle: (context) => retrying(() => askAgent(context, "import.report", context.params.id)),
  }),
];
