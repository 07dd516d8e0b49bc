import { MargayError } from "../errors.ts";
import type { Role } from "./principal.ts";

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
