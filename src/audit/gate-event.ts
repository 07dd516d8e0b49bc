import type { NewAuditEntry } from "../db/object/audit.ts";
import type { GateEvent } from "../tools/gate-deps.ts";

/** What the gate tells, as the audit keeps it. */
export function auditOf(event: GateEvent): NewAuditEntry {
  const common = {
    turn_id: event.turnId,
    subject: event.callId,
    tool: event.tool,
    effect: event.effect,
    basis: event.basis,
    summary: event.summary,
  };
  if (event.kind === "result")
    return {
      kind: "result",
      event: event.outcome,
      actor: "agent",
      ...common,
      destinations: [...event.destinations],
      tainted: event.tainted,
      output: event.output,
    };
  const { decision, origin, reason, destinations, tainted, input } = event;
  return {
    kind: "call",
    event: decision,
    actor: origin === "user" ? "user" : "agent",
    ...common,
    reason,
    destinations: [...destinations],
    tainted,
    input,
  };
}
