import { z } from "zod";
import { usdOf } from "../auth/default-caps.ts";
import { Role, Via } from "../auth/principal.ts";
import type { UserRow } from "../db/users.ts";
import { type Env, settingsOf } from "../env.ts";
import { keyWarnings } from "../secrets/keys.ts";

/** Who is signed in. */
export const Me = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: Role,
  signed_in_by: Via,
  /** Hard caps in US dollars; null: none. */
  day_cap_usd: z.number().nullable(),
  month_cap_usd: z.number().nullable(),
  /** What the owner should know about this deployment, in sentences; empty for everyone else. */
  warnings: z.array(z.string()),
});
export type Me = z.infer<typeof Me>;

export const meOf = (env: Env, user: UserRow, via: Via): Me => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role,
  signed_in_by: via,
  day_cap_usd: usdOf(user.dayCapMicroUsd),
  month_cap_usd: usdOf(user.monthCapMicroUsd),
  warnings: user.role === "owner" ? [...settingsOf(env).problems, ...keyWarnings(env)] : [],
});
