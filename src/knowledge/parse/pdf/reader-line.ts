import { z } from "zod";
import { DOCUMENT_ERRORS } from "../../parsed.ts";

/** What the PDF reader answers, one a line: how far it is (in pages), blocks, and at the end what it read or why it could not. */
export const ReaderLine = z.union([
  z.object({ done: z.number(), total: z.number() }),
  z.object({
    blocks: z.array(
      z.object({
        kind: z.enum(["heading", "paragraph", "list-item", "table", "code"]),
        text: z.string(),
        level: z.number().int().min(1).max(6).optional(),
        page: z.number().int().min(1),
      }),
    ),
  }),
  z.object({ title: z.string().nullable(), pages: z.number().int().min(1) }),
  z.object({ code: z.enum(DOCUMENT_ERRORS), message: z.string() }),
]);
export type ReaderLine = z.infer<typeof ReaderLine>;
