import { z } from "zod";
import { Forgotten, MemoryInput, MemoryPage, MemoryPatch, MemoryQuery, MemoryStatus, MemoryView, RecallHit } from "../memory/shapes.ts";
import { askAgent } from "./ask-agent.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";

const params = z.object({ id: z.string().min(1).max(64) });
const tag = "Memory";
const NO_MEMORY = { description: "`not_found`" };

export const memoryRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/memory",
    who: "user",
    tag,
    summary: "What is remembered about you: newest first, or what fits `search`. `state=past`: what was replaced, and what expired",
    query: MemoryQuery,
    responses: { 200: { description: "A page of it, and how much there is of each kind.", schema: MemoryPage } },
    handle: (context) => retrying(() => askAgent(context, "memory.list", context.query)),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/memory",
    who: "user",
    tag,
    summary: "Remember something. What says the same as a memory that is there becomes one with it; what contradicts one takes its place",
    body: MemoryInput,
    responses: {
      201: { description: "The memory.", schema: MemoryView },
      409: { description: "`conflict`: there are as many memories as fit." },
    },
    handle: async (context) => Response.json(await askAgent(context, "memory.add", context.body), { status: 201 }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/memory/status",
    who: "user",
    tag,
    summary: "How memory is doing: the search index, when the conversation was last read for what to remember, what is not saved yet",
    responses: { 200: { description: "As it is now.", schema: MemoryStatus } },
    handle: (context) => retrying(() => askAgent(context, "memory.status", null)),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/memory/export",
    who: "user",
    tag,
    summary: "Everything that is remembered, past ones too, as a file",
    responses: { 200: { description: "JSON, oldest first.", schema: z.object({ memories: z.array(MemoryView) }) } },
    handle: async (context) =>
      Response.json(
        { memories: await retrying(() => askAgent(context, "memory.export", null)) },
        { headers: { "content-disposition": 'attachment; filename="margay-memory.json"', "cache-control": "no-store" } },
      ),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/memory/recall",
    who: "user",
    tag,
    summary: "Search what is remembered, your documents and what was said, as your agent does",
    body: z.object({ text: z.string().trim().min(1).max(500), limit: z.number().int().min(1).max(50).default(10) }),
    responses: { 200: { description: "Best first.", schema: z.object({ hits: z.array(RecallHit) }) } },
    handle: async (context) => ({ hits: await retrying(() => askAgent(context, "memory.recall", context.body)) }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/memory/forget-all",
    who: "user",
    tag,
    summary: "Forget everything that is remembered. It cannot be taken back",
    body: z.object({ confirm: z.literal("forget everything") }),
    responses: { 200: { description: "What was forgotten, and whether it was looked for again and not found.", schema: Forgotten } },
    handle: (context) => askAgent(context, "memory.forget", null),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/memory/{id}",
    who: "user",
    tag,
    summary: "One memory",
    params,
    responses: { 200: { description: "The memory.", schema: MemoryView }, 404: NO_MEMORY },
    handle: (context) => retrying(() => askAgent(context, "memory.get", context.params.id)),
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/v1/memory/{id}",
    who: "user",
    tag,
    summary: "Change or pin a memory. A new text takes the place of the old one, which can still be asked about",
    params,
    body: MemoryPatch.refine((patch) => Object.keys(patch).length > 0, "names nothing to change"),
    responses: {
      200: { description: "The memory as it is now; with a new text it has a new id.", schema: MemoryView },
      404: NO_MEMORY,
      409: { description: "`conflict`: another memory has taken its place." },
    },
    handle: (context) => askAgent(context, "memory.update", { id: context.params.id, patch: context.body }),
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/memory/{id}",
    who: "user",
    tag,
    summary: "Forget a memory and what it took the place of, with the words in your conversations. It cannot be taken back",
    params,
    responses: {
      200: { description: "What was forgotten, and whether it was looked for again and not found.", schema: Forgotten },
      404: NO_MEMORY,
    },
    handle: (context) => askAgent(context, "memory.forget", context.params.id),
  }),
];
