import { z } from "zod";

/**
 * How bad a call can be. `read`; `write`: reversible, the user's own data; `external`: leaves for other people or services; `destructive`: cannot be taken
 * back; `spend`: costs money.
 */
export const Effect = z.enum(["read", "write", "external", "destructive", "spend"]);
export type Effect = z.infer<typeof Effect>;
