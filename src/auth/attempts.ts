import { clearAttempts, countAttempts } from "../db/attempts.ts";
import type { Database } from "../db/database.ts";
import { MargayError } from "../errors.ts";
import { base64url, sha256 } from "../secrets/bytes.ts";

const WINDOW_MS = 15 * 60_000;

/**
 * How many attempts a door takes in 15 minutes: from one network, from one network at one subject, and at one subject from everywhere. The last
 * is generous, so that a stranger who fails on purpose does not easily keep the real person out.
 */
const LIMITS = {
  "sign-in": { network: 50, pair: 15, subject: 100 },
  password: { network: 50, pair: 10, subject: 20 },
  // The subject is the whole deployment: there is one code.
  setup: { network: 10, pair: 10, subject: 100 },
  invitation: { network: 30, pair: 30, subject: 30 },
  reset: { network: 30, pair: 30, subject: 30 },
} as const;
export type Door = keyof typeof LIMITS;

/**
 * Counts an attempt at a door before anything is checked, the same for what exists and what does not. `subject` is what is being tried: an
 * email, a user id, a token. Throws `rate_limited` with `details.retry_after` in seconds.
 */
export async function admitAttempt(db: Database, door: Door, request: Request, subject: string, now: number): Promise<void> {
  const keys = await keysOf(door, request, subject);
  const limits = LIMITS[door];
  // From the stranger to the person: a network that fails too often does not use up what is left at its victim.
  const counted = (["network", "pair", "subject"] as const).map((kind) => ({ key: keys[kind], limit: limits[kind] }));
  const until = await countAttempts(db, counted, WINDOW_MS, now);
  if (until === null) return;
  const seconds = Math.max(1, Math.ceil((until - now) / 1000));
  throw new MargayError("rate_limited", `Too many attempts. Try again in ${Math.ceil(seconds / 60)} minutes.`, { retry_after: seconds });
}

/** The attempt was right: earlier failures at this subject no longer count. Those of the network still do. */
export async function forgetAttempts(db: Database, door: Door, request: Request, subject: string): Promise<void> {
  const keys = await keysOf(door, request, subject);
  await clearAttempts(db, [keys.pair, keys.subject]);
}

async function keysOf(door: Door, request: Request, subject: string): Promise<Record<"network" | "pair" | "subject", string>> {
  const network = networkOf(request);
  // Hashed: the table needs to know neither addresses nor emails.
  const key = async (...parts: string[]) => base64url(await sha256(JSON.stringify([door, ...parts])));
  return { network: await key("network", network), pair: await key("pair", network, subject), subject: await key("subject", subject) };
}

/**
 * The client's address, as Cloudflare's edge states it (a client cannot set `cf-connecting-ip`): for IPv6 its /64, because one
 * customer has all of it.
 */
export function networkOf(request: Request): string {
  const address = request.headers.get("cf-connecting-ip") ?? "unknown";
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array.from({ length: missing }, () => "0"), ...back];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
