import { approvalProfileSchema } from "./approvals.ts";
import { listenerMarkSchema } from "./listeners.ts";
import { messageFileSchema } from "./messages.ts";

/** What was found missing when accounts had grown, and what a question has to know of who asks it. */
export const schema008: readonly string[] = [...messageFileSchema, ...listenerMarkSchema, ...approvalProfileSchema];
