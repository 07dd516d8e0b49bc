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
