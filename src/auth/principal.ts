import { z } from "zod";

/** `owner` deployed this Margay (exactly one), `admin` may manage users, `user` has an agent. Every role has an agent of its own. */
export const Role = z.enum(["owner", "admin", "user"]);
export type Role = z.infer<typeof Role>;

/** How the caller proved who they are. `service_key` is an owner's API key that may name another user where a route says so. */
export const Via = z.enum(["session", "api_key", "service_key", "loopback", "channel"]);
export type Via = z.infer<typeof Via>;

/** A verified caller. Made only by `src/auth/authenticate.ts` and by channels that verified their sender. */
export const Principal = z.object({
  userId: z.string().min(1).max(64),
  role: Role,
  via: Via,
  email: z.string(),
  name: z.string(),
  /**
   * The user's access generation in D1 when this principal was made. It grows on sign-out, key revocation, suspension and role
   * change; the user's object refuses older ones (`stale_principal`), so a cached sign-in never outlives a revocation.
   */
  authVersion: z.number().int().nonnegative(),
  /** The session or API key id, for the audit; never the secret. */
  credentialId: z.string().optional(),
  /** Until when the session or key is good, UTC milliseconds; null: until it is revoked. */
  expiresAt: z.number().nullable(),
});
export type Principal = z.infer<typeof Principal>;

/** The part of a principal that an object needs with every call. */
export interface Caller {
  userId: string;
  authVersion: number;
  via: Via;
  role: Role;
  /** Until when the credential is good, UTC milliseconds; absent or null: until it is revoked. For connections that outlive a request. */
  expiresAt?: number | null;
}
