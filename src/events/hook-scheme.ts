import { z } from "zod";

/** Names of headers, RFC 9110, 5.1, in lower case. */
const HeaderName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9-]{0,79}$/, "is no name of a header");

/** How a service signs what it posts. Each but `hmac` has rules of its vendor, and nothing to choose. */
export const HookScheme = z.discriminatedUnion("name", [
  z.object({ name: z.literal("github") }),
  z.object({ name: z.literal("stripe") }),
  z.object({ name: z.literal("slack") }),
  z.object({ name: z.literal("standard") }),
  /** HMAC-SHA256 over the body, for whatever else: Gitea, Linear, Shopify, a script. */
  z.object({
    name: z.literal("hmac"),
    /** The header that holds the signature. */
    header: HeaderName,
    encoding: z.enum(["hex", "base64"]).default("hex"),
    /** What stands before the signature in its header: `sha256=`. */
    prefix: z.string().max(40).default(""),
    /** A header with Unix seconds: then `<timestamp>.<body>` is signed, and it may be 5 minutes off. null: the body alone. */
    timestamp_header: HeaderName.nullable().default(null),
    /** A header that names the delivery, so that a repeat is known; null: the bytes do. */
    id_header: HeaderName.nullable().default(null),
  }),
]);
export type HookScheme = z.infer<typeof HookScheme>;
export type HookSchemeName = HookScheme["name"];
