import type { ApprovalRow } from "../db/object/approvals.ts";
import type { ApprovalView } from "../channels/approval-view.ts";
import { type Grant, narrowest } from "../permission/grant.ts";
import { toolTitle } from "../permission/tool-title.ts";
import { lookAlikes, visible } from "../permission/visible.ts";
import type { Standing } from "../tools/tool.ts";

const ORDERS = "Something that was read before this looks as if it tried to give your agent orders.";
const OUTSIDE = "Content from outside was read before this, and this may be its wish and not yours.";

/** `standing` and `shows`: see `Tool`. */
export function approvalView(row: ApprovalRow, standing: Standing, shows: Readonly<Record<string, string>> = {}): ApprovalView {
  const shown = Object.entries(shows).map(([name, text]) => ({ name, text: visible(text) }));
  return {
    id: row.id,
    number: row.seq,
    state: row.state,
    tool: row.tool,
    effect: row.effect,
    description: visible(row.description),
    reason: visible(row.reason),
    destinations: row.destinations.map(({ text, source }) => ({ text: visible(text), yours: source === "user", notes: lookAlikes(text) })),
    arguments: visible(JSON.stringify(JSON.parse(row.input), null, 2)),
    ...(shown.length === 0 ? {} : { shows: shown }),
    warning: row.suspicious ? ORDERS : row.tainted ? OUTSIDE : null,
    always: standing === "never" ? null : visible(coverage(row, standing)),
    channel: row.channel,
    turn_id: row.turnId,
    created_at: row.createdAt,
    expires_at: row.expiresAt,
    answered_at: row.answeredAt,
    answered_on: row.answeredOn,
    scope: row.scope,
    note: row.note,
    outcome: row.outcome === null ? null : visible(row.outcome),
  };
}

/** What a standing permission for calls like this one would be. */
export const coversOf = ({ effect, destinations, inputHash }: ApprovalRow, standing: Standing): Grant["covers"] =>
  narrowest({ effect, destinations: destinations.map(({ text }) => text), inputHash, alone: standing !== "place" });

/** What a standing permission for calls like this one would cover, in words. */
export function coverage(row: ApprovalRow, standing: Standing): string {
  const covers = coversOf(row, standing);
  return "destinations" in covers
    ? `“${toolTitle(row.tool)}” to ${list(covers.destinations)}`
    : `“${toolTitle(row.tool)}” with exactly these arguments`;
}

/** The same where nothing else stands beside it: which arguments it were is said by what the call would do. */
export const grantLabel = (row: ApprovalRow, standing: Standing): string =>
  "destinations" in coversOf(row, standing) ? coverage(row, standing) : `${coverage(row, standing)}: ${row.description}`;

const list = (items: readonly string[]): string =>
  items.length <= 1 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
