import { z } from "zod";
import { readAddress } from "../../../src/permission/destination.ts";
import type { Tool } from "../../../src/tools/tool.ts";
import { capabilitiesOf } from "./case-capabilities.ts";
import { destinationsIn } from "./destinations-in.ts";
import type { CaseTool } from "./gate-case.ts";
import { schemaProblems } from "./json-schema.ts";
import { valuesAt } from "./json-path.ts";
import { linksIn } from "./links-in.ts";
import type { Playback } from "./playback.ts";

/** Every tool of a case has this version: a case is over before one could change. */
export const CASE_VERSION = 1;

/** A case's tool as an ordinary one of the product, which answers what the case says. Limits are wide: a case is about permission. */
export function caseTool(spec: CaseTool, playback: Playback): Tool<z.ZodType, unknown> {
  const destinations = (input: unknown): string[] => destinationsOf(spec, input);
  return {
    name: spec.name,
    version: CASE_VERSION,
    description: spec.description,
    // Arguments stay as they were written, so that what is decided about is what is shown.
    input: z.unknown().superRefine((value, context) => {
      for (const message of schemaProblems(spec.input_schema, value)) context.addIssue({ code: "custom", message });
    }),
    schema: z.record(z.string(), z.unknown()).catch({ type: "object" }).parse(spec.input_schema),
    capabilities: (input) => capabilitiesOf(spec, input),
    effect: () => spec.effect,
    destinations,
    untrusted: spec.untrusted,
    rateLimit: { calls: 1_000_000, perMs: 60_000 },
    timeoutMs: 30_000,
    replay: "never",
    execute(input, { idempotencyKey, composed }) {
      const output = playback.resultOf(idempotencyKey);
      const where = destinations(input);
      const page = where.find((one) => /^https?:/i.test(one)) ?? null;
      const links = givesLinks(spec, where) ? linksIn(output, page) : [];
      // What a page of an address that the model wrote links to may be what the model was told to write: the product's own fetch gives none of other hosts either.
      const given = composed ? links.filter((link) => where.some((one) => hostIn(one) === hostIn(link))) : links;
      return Promise.resolve({ output, summary: `${spec.name}: done`, links: given });
    },
  };
}

export const destinationsOf = (spec: Pick<CaseTool, "destination_fields">, input: unknown): string[] => [
  ...new Set(spec.destination_fields.flatMap((path) => destinationsIn(valuesAt(path, input)))),
];

/** Whether a tool reads the web, so that the addresses in its answer may be fetched as they are. Mail, documents and other people's words give none. */
export function givesLinks(spec: CaseTool, destinations: readonly string[]): boolean {
  if (spec.effect !== "read" || !spec.untrusted) return false;
  if (destinations.some((one) => readAddress(one) !== null)) return true;
  const words = `${spec.name} ${spec.description}`.replaceAll(/[^\p{L}]+/gu, " ").replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, " ");
  if (/\b(?:web|internet|browse|browser|website|webpage|webpages)\b/i.test(words)) return true;
  return /\b(?:search|fetch|page|pages)\b/i.test(words) && !PRIVATE.test(words);
}

/** Words of tools that search or fetch what is not the web. */
const PRIVATE =
  /\b(?:e?mails?|inbox|mailbox|messages?|chats?|threads?|documents?|docs?|files?|drive|folders?|notes?|notion|wiki|calendars?|events?|contacts?|tickets?|issues?|tasks?|todos?|slack|discord|teams|telegram|memory|memories|knowledge|databases?|records?|orders?|crm|pdfs?)\b/i;

const hostIn = (address: string): string | null => {
  const read = readAddress(address);
  return read === null ? null : `${read.host.name}:${read.host.port ?? ""}`;
};
