import type { AuditStore } from "../../db/object/audit.ts";
import type { ActivityPort } from "./activity-port.ts";

const FILTERS = {
  sent: { kind: "result", effect: "external", event: "done" },
  asked: { kind: "approval" },
  done: { kind: "result" },
} as const;

/** The audit trail for tools. */
export const activityPort = (audit: AuditStore): ActivityPort => ({
  list: ({ what, since, text, limit }) => audit.find({ ...FILTERS[what], since, limit, ...(text === undefined ? {} : { text }) }),
});
