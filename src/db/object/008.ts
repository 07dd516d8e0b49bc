import { listenerMarkSchema } from "./listeners.ts";
import { messageFileSchema } from "./messages.ts";

/** What was found missing when accounts had grown. */
export const schema008: readonly string[] = [...messageFileSchema, ...listenerMarkSchema];
