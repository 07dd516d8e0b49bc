import { approvalSchema } from "./approvals.ts";
import { auditSchema } from "./audit.ts";
import { configVersionSchema } from "./config-versions.ts";
import { vaultUseSchema } from "../../secrets/vault.ts";
import { grantSchema } from "./grants.ts";

/** Approvals, standing permissions, the audit trail, and the marks of content from outside. */
export const schema002: readonly string[] = [
  ...approvalSchema,
  ...grantSchema,
  ...auditSchema,
  ...configVersionSchema,
  `ALTER TABLE tool_call ADD COLUMN effect TEXT NOT NULL DEFAULT 'read'`,
  `ALTER TABLE tool_call ADD COLUMN untrusted TEXT`,
  `ALTER TABLE tool_call ADD COLUMN links TEXT NOT NULL DEFAULT '[]'`,
  `ALTER TABLE tool_call ADD COLUMN approval_id TEXT`,
  `ALTER TABLE tool_call ADD COLUMN undone_at INTEGER`,
  `CREATE INDEX tool_call_recent ON tool_call (started_at)`,
  `CREATE INDEX tool_call_undoable ON tool_call (ended_at) WHERE receipt IS NOT NULL AND undone_at IS NULL`,
  `CREATE INDEX tool_call_undoable_by_turn ON tool_call (turn_id, ended_at) WHERE receipt IS NOT NULL AND undone_at IS NULL`,
  ...vaultUseSchema,
  // The turn that the user began, whatever turns continue it.
  `ALTER TABLE turn ADD COLUMN task_id TEXT`,
  `ALTER TABLE inbox ADD COLUMN task_id TEXT`,
  // A delivery that shows a card instead of a reply.
  `ALTER TABLE outbox ADD COLUMN approval_id TEXT`,
  `CREATE INDEX outbox_by_approval ON outbox (approval_id) WHERE approval_id IS NOT NULL`,
  // Written on behalf of content nobody vouches for.
  `ALTER TABLE todo ADD COLUMN tainted INTEGER NOT NULL DEFAULT 0`,
];
