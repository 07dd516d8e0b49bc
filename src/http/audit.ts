import { z } from "zod";
import { auditCsv } from "../audit/csv.ts";
import { AuditEntry } from "../audit/entry.ts";
import { defineRoute, type Route, type RouteContext } from "./route.ts";
import { withAgent } from "./with-agent.ts";

/** UTC milliseconds, or an ISO 8601 instant or day. */
const Instant = z
  .string()
  .max(40)
  .transform((text, context) => {
    const at = /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
    if (Number.isFinite(at)) return at;
    context.addIssue({ code: "custom", message: "is neither an ISO 8601 instant nor UTC milliseconds" });
    return z.NEVER;
  });

const Filters = z.object({
  since: Instant.optional().describe("From this instant on."),
  until: Instant.optional().describe("Before this instant."),
  kind: AuditEntry.shape.kind.optional(),
  outcome: z.string().max(40).optional().describe("Such as `allow`, `ask`, `deny`, `done`, `failed`, `approved`."),
  tool: z.string().max(100).optional(),
  effect: z.string().max(40).optional(),
  channel: z.string().max(40).optional(),
  text: z.string().max(200).optional().describe("Words of the summary, the reason or a destination."),
});

const AuditReport = z.object({
  ok: z.boolean(),
  entries: z.number().int(),
  head: z.object({ seq: z.number().int(), hash: z.string() }),
  /** The first entry that is wrong, and how; null: none. */
  fault: z.object({ seq: z.number().int(), problem: z.string() }).nullable(),
  /** The newest head that was written down outside the agent's own storage; null: none yet. */
  anchor: z.object({ seq: z.number().int(), hash: z.string(), at: z.number().int(), matches: z.boolean() }).nullable(),
});

type Filtered = RouteContext<unknown, z.output<typeof Filters>, unknown, "user">;

const tag = "Audit";
const PAGE = 500;

/** Every matching entry, oldest first, a page at a time: the trail may be long. */
async function* matching(context: Filtered): AsyncGenerator<AuditEntry[]> {
  const { outcome: event, ...filters } = context.query;
  for (let after = 0; ;) {
    const entries = await withAgent(context, (agent, caller) => agent.audit(caller, { ...filters, event, after, limit: PAGE }));
    if (entries.length > 0) yield entries;
    const last = entries.at(-1);
    if (last === undefined || entries.length < PAGE) return;
    after = last.seq;
  }
}

/** A JSON array with one entry a line. */
async function* asJson(pages: AsyncIterable<AuditEntry[]>): AsyncGenerator<string> {
  let before = "[\n";
  for await (const entries of pages) {
    yield before + entries.map((entry) => JSON.stringify(entry)).join(",\n");
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

export const auditRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/audit",
    who: "user",
    tag,
    summary: "What your agent was asked, decided and did, newest first",
    query: Filters.extend({
      limit: z.coerce.number().int().min(1).max(500).default(100),
      before: z.coerce.number().int().positive().optional().describe("Of `next_before`."),
    }),
    responses: {
      200: {
        description: "`next_before` is for the next page; null: this is the last.",
        schema: z.object({ entries: z.array(AuditEntry), next_before: z.number().int().nullable() }),
      },
    },
    async handle(context) {
      const { outcome: event, limit, ...filters } = context.query;
      const found = await withAgent(context, (agent, caller) => agent.audit(caller, { ...filters, event, limit: limit + 1 }));
      const entries = found.slice(0, limit);
      return { entries, next_before: found.length > limit ? (entries.at(-1)?.seq ?? null) : null };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/audit/export",
    who: "user",
    tag,
    summary: "The trail as a file, oldest first: `json` (one entry a line; `scripts/verify-audit` checks it) or `csv`",
    query: Filters.extend({ format: z.enum(["json", "csv"]).default("json") }),
    responses: {
      200: { description: "A download; with `format=csv` it is `text/csv`.", contentType: "application/json", schema: z.array(AuditEntry) },
    },
    async handle(context) {
      const { format } = context.query;
      const pages = matching(context);
      // The first page comes before the answer does, so that a refusal is one.
      const first = await pages.next();
      const all = async function* () {
        if (first.done !== true) yield first.value;
        yield* pages;
      };
      const name = `margay-audit-${new Date().toISOString().slice(0, 10)}.${format}`;
      return new Response(streamOf(format === "csv" ? auditCsv(all()) : asJson(all())), {
        headers: {
          "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/json",
          "content-disposition": `attachment; filename="${name}"`,
        },
      });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/audit/verify",
    who: "user",
    tag,
    summary: "Whether anything in the trail was changed, removed, inserted or reordered",
    responses: { 200: { description: "`fault` names the first entry that is wrong.", schema: AuditReport } },
    async handle(context) {
      const report = await withAgent(context, (agent, caller) => agent.verifyAudit(caller));
      return { ok: report.fault === null, ...report };
    },
  }),
];

/** Made as it is read. */
function streamOf(parts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await parts.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
  });
}
