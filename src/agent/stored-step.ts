import { z } from "zod";

/** One model step of a stored answer: what was said and which tools were called, enough to show it and to put it back in context. */
export const StoredStep = z.object({
  text: z.string(),
  calls: z.array(
    z.object({
      callId: z.string(),
      tool: z.string(),
      input: z.unknown(),
      output: z.unknown(),
      status: z.enum(["done", "failed", "denied", "waiting"]),
      summary: z.string(),
      /** Where the output comes from when nobody vouches for it. */
      untrusted: z.string().nullable().default(null),
      /** Addresses that it gave. */
      links: z.array(z.string()).default([]),
      suspicious: z.boolean().default(false),
      approvalId: z.string().nullable().default(null),
    }),
  ),
});
export type StoredStep = z.infer<typeof StoredStep>;

/** Of a step that may know more, what is kept. */
export const storedStep = (step: StoredStep): StoredStep => ({
  text: step.text,
  calls: step.calls.map(({ callId, tool, input, output, status, summary, untrusted, links, suspicious, approvalId }) => ({
    callId,
    tool,
    input,
    output,
    status,
    summary,
    untrusted,
    links,
    suspicious,
    approvalId,
  })),
});

/** The most bytes that the steps of one answer take: a row of an object's storage has 2 MB at most, and what an approved call brings is still to come. */
const MAX_BYTES = 1_200_000;
const CUT = "[cut: all of this answer's results together are too long to keep]";

/** Steps that fit into a row: where they do not, the longest results are cut, one after the other. */
export function fitSteps(steps: StoredStep[]): StoredStep[] {
  const sizeOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value ?? null)).byteLength;
  let size = sizeOf(steps);
  if (size <= MAX_BYTES) return steps;
  const fitted = structuredClone(steps);
  const longest = fitted
    .flatMap(({ calls }) => calls)
    .map((call) => ({ call, bytes: sizeOf([call.output, call.links]) }))
    .toSorted((a, b) => b.bytes - a.bytes);
  for (const { call, bytes } of longest) {
    if (size <= MAX_BYTES) break;
    call.output = CUT;
    call.links = [];
    size -= bytes;
  }
  return fitted;
}
