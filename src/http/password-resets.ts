import { z } from "zod";
import { admitAttempt } from "../auth/attempts.ts";
import { LinkToken, NewPassword } from "../auth/fields.ts";
import { hashPassword } from "../auth/new-account.ts";
import { tokenHash } from "../auth/one-time-token.ts";
import { database } from "../db/database.ts";
import { acceptPasswordReset, isOpenPasswordReset } from "../db/password-resets.ts";
import { MargayError } from "../errors.ts";
import { entered } from "./entered.ts";
import { Me } from "./me.ts";
import { defineRoute, type Route } from "./route.ts";

/** Unknown, used, replaced and expired are one answer. */
const notOpen = () => new MargayError("gone", "This link is not valid any more. Ask for a new one.");

/** Setting a new password: whoever has the link. */
export const passwordResetRoutes: Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/v1/password-resets/accept",
    who: "anyone",
    tag: "Account",
    summary: "Set a new password by a one-time link",
    body: z.object({ token: LinkToken, password: NewPassword }),
    responses: {
      200: { description: "You, signed in by a cookie; every earlier session ended.", schema: Me },
      410: { description: "`gone`: the link was used, taken back or ended." },
      429: { description: "`rate_limited`: too many attempts; `Retry-After` says how long to wait." },
    },
    async handle({ env, request, url, body }) {
      const db = await database(env);
      const now = Date.now();
      await admitAttempt(db, "reset", request, body.token, now);
      const hash = await tokenHash(body.token);
      if (!(await isOpenPasswordReset(db, hash, now))) throw notOpen();
      const passwordHash = await hashPassword(env, url, body.password);
      const userId = await acceptPasswordReset(db, hash, { passwordHash, accountId: crypto.randomUUID(), now });
      if (userId === null) throw notOpen();
      return entered(env, db, request, userId);
    },
  }),
];
