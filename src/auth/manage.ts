import { MargayError } from "../errors.ts";
import type { Role, Via } from "./principal.ts";

/**
 * Refuses API keys where something is made that outlives them and opens more than they do: a link that signs somebody in, or a higher role. By a key
 * that is not meant for it, the key would become a session, the owner's own too, and revoking it would not help.
 */
export function requirePerson({ via }: { via: Via }): void {
  if (via === "api_key" || via === "service_key") throw new MargayError("forbidden", "Only a person signed in at the page may do this.");
}

/** What is done to an account. */
export type Act = "set_role" | "suspend" | "set_caps" | "reset_password" | "remove";

/**
 * Whether `actor` may do this to `target`; throws `forbidden` where not. Pure.
 *
 * The owner may do everything to everyone but take themselves away: not suspend, demote or remove themselves. An admin may do everything to
 * users but change roles, and nothing to the owner or an admin (a password link for one would be a way to become one).
 */
export function requireMayManage(actor: { userId: string; role: Role }, target: { id: string; role: Role }, act: Act): void {
  if (actor.role === "owner") {
    if (target.id !== actor.userId || act === "set_caps" || act === "reset_password") return;
    throw new MargayError("forbidden", "The owner cannot suspend, remove or change the role of their own account.");
  }
  if (actor.role !== "admin" || target.role !== "user" || act === "set_role")
    throw new MargayError("forbidden", "Only the owner may do this.");
}
