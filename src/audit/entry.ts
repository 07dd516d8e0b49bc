import { z } from "zod";
import { canonical } from "../permission/canonical.ts";

/**
 * One entry of the audit trail. Entries hold no contents: what was said, sent and read is there as hashes keyed for this user, which go with the account, and as the one line that a
 * person was or could be shown.
 */
export const AuditEntry = z.object({
  /** From 1, without gaps. */
  seq: z.number().int().positive(),
  /** UTC milliseconds. */
  at: z.number().int(),
  /**
   * `message`: something was said to the agent. `turn`: an answer ended. `call`, `result`: a tool call before and after. `approval`: asked, answered, ended. `grant`, `config`, `secret`: made, changed,
   * taken away, used. `schedule`: made, changed, paused, resumed, deleted, due. `task`: started, ended. `listener`: created, changed, paused, resumed, deleted, acted, throttled, failed, rejected.
   * `plan`: proposed, changed, decided, started, each step started and ended, cancelled, ended, deleted; playbooks created, changed, deleted. `skill`: created, enabled, disabled, changed, deleted.
   */
  kind: z.enum([
    "message",
    "turn",
    "call",
    "result",
    "approval",
    "grant",
    "config",
    "secret",
    "schedule",
    "task",
    "listener",
    "plan",
    "file",
    "skill",
  ]),
  /** What happened, such as `received`, `allow`, `done`, `asked`, `approved`, `revoked`. */
  event: z.string(),
  /** Who or what caused it: `user`, `agent`, `system`. */
  actor: z.enum(["user", "agent", "system"]),
  channel: z.string().nullable(),
  turn_id: z.string().nullable(),
  /** The message, call, approval, grant or setting that it is about. */
  subject: z.string().nullable(),
  tool: z.string().nullable(),
  effect: z.string().nullable(),
  /** The decision's reason, as the person can read it. */
  reason: z.string().nullable(),
  /** The grant or approval it rests on. */
  basis: z.string().nullable(),
  destinations: z.array(z.string()),
  /** Whether the context held content from outside. */
  tainted: z.boolean(),
  /** What was in the context: ids of messages, with hashes of what they said. */
  saw: z.array(z.string()),
  /** HMAC-SHA256 of what went in (arguments, text), hexadecimal; null: nothing did. */
  input_hash: z.string().nullable(),
  output_hash: z.string().nullable(),
  /** One line for a person. */
  summary: z.string(),
  /** Millionths of a US dollar; null: nothing was paid, or it is not known. */
  cost_micro_usd: z.number().nullable(),
  /** The hash of the entry before; 64 zeros before the first. */
  prev: z.string(),
  /** SHA-256 of this entry without this field, as canonical JSON (keys in order), hexadecimal. */
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const GENESIS = "0".repeat(64);

/** The text of an entry that is hashed. */
export function sealedText(entry: Omit<AuditEntry, "hash">): string {
  const { hash: _, ...rest } = { hash: "", ...entry };
  return canonical(rest);
}

/** What is wrong with a chain, and where; null: nothing. */
export interface ChainFault {
  seq: number;
  problem: string;
}

/**
 * Checks a chain, or a part of one that begins after `from` (its sequence number and hash): numbers without gaps, each entry's hash right, each naming the one before. Finds every change,
 * removal, insertion and reordering but the removal of the newest entries, which only the anchored head can show.
 */
export function verifyChain(
  entries: Iterable<AuditEntry>,
  sha256: (text: string) => string,
  from: { seq: number; hash: string } = { seq: 0, hash: GENESIS },
): { fault: ChainFault | null; head: { seq: number; hash: string } } {
  let head = from;
  for (const entry of entries) {
    const fault =
      entry.seq !== head.seq + 1
        ? `number ${head.seq + 1} should follow`
        : entry.prev !== head.hash
          ? "it does not name the entry before it"
          : sha256(sealedText(entry)) !== entry.hash
            ? "it was changed"
            : null;
    if (fault !== null) return { fault: { seq: entry.seq, problem: fault }, head };
    head = { seq: entry.seq, hash: entry.hash };
  }
  return { fault: null, head };
}
