import type { AuditEntry } from "../../audit/entry.ts";
import type { AuditReport } from "../api/audit.ts";
import { counted } from "../lib/format.ts";

/** Kinds of entries as a person calls them, in the order in which things happen. */
export const KINDS: Readonly<Record<AuditEntry["kind"], string>> = {
  message: "Messages",
  turn: "Answers",
  call: "Decisions about calls",
  result: "Calls carried out",
  approval: "Approvals",
  grant: "Permissions",
  config: "Settings and memory",
  secret: "Secrets",
  schedule: "Schedules and reminders",
  task: "Tasks in the background",
  listener: "Listeners",
  plan: "Plans and playbooks",
  file: "Files",
  skill: "Skills",
};

/** What happened, as the tag of an entry says it. `name`: alone, as the filter shows it. */
export const OUTCOMES: readonly { event: string; name: string; tone?: "good" | "bad" }[] = [
  { event: "allow", name: "allowed" },
  { event: "ask", name: "asked first" },
  { event: "deny", name: "refused", tone: "bad" },
  { event: "done", name: "done", tone: "good" },
  { event: "failed", name: "failed", tone: "bad" },
  { event: "unknown", name: "outcome not known", tone: "bad" },
  { event: "undone", name: "taken back" },
  { event: "cancelled", name: "stopped" },
  { event: "asked", name: "you are asked" },
  { event: "approved", name: "you said yes", tone: "good" },
  { event: "denied", name: "you said no" },
  { event: "expired", name: "nobody answered" },
  { event: "received", name: "received" },
  { event: "made", name: "permission given" },
  { event: "revoked", name: "permission revoked" },
  { event: "changed", name: "changed" },
  { event: "stored", name: "stored" },
  { event: "deleted", name: "deleted" },
  { event: "created", name: "created" },
  { event: "paused", name: "paused" },
  { event: "resumed", name: "resumed" },
  { event: "restored", name: "restored" },
  { event: "fired", name: "was due" },
  { event: "skipped", name: "missed and skipped" },
  { event: "acted", name: "acted on" },
  { event: "throttled", name: "held back" },
  { event: "rejected", name: "not rightly signed", tone: "bad" },
  { event: "proposed", name: "written down" },
  { event: "decided", name: "decided" },
  { event: "started", name: "started" },
  { event: "step_started", name: "step started" },
  { event: "step_done", name: "step done", tone: "good" },
  { event: "step_failed", name: "step failed", tone: "bad" },
  { event: "step_skipped", name: "step skipped" },
  { event: "playbook_created", name: "playbook made" },
  { event: "playbook_changed", name: "playbook changed" },
  { event: "playbook_deleted", name: "playbook deleted" },
  { event: "remembered", name: "remembered" },
  { event: "forgotten", name: "forgotten" },
];

export const outcomeOf = (event: string): { name: string; tone?: "good" | "bad" } =>
  OUTCOMES.find((item) => item.event === event) ?? { name: event };

/** An entry's sentence. */
export function sentenceOf({ kind, actor, summary }: Pick<AuditEntry, "kind" | "actor" | "summary">): string {
  if (kind === "message") return actor === "user" ? "You wrote a message" : "A message came in";
  return summary === "" ? KINDS[kind] : summary;
}

/** What a check of the trail found, for a person. `day` names an instant. */
export function findings({ ok, entries, fault, anchor }: AuditReport, day: (at: number) => string): { good: boolean; text: string } {
  if (!ok || fault !== null) {
    const where = fault === null ? "" : ` The first fault is at entry ${fault.seq}: ${fault.problem}.`;
    return { good: false, text: `The trail is not as it was written.${where} Export it now, and find out who had access.` };
  }
  const whole = `${counted(entries, "entry", "entries")}, each as it was written, none missing, none out of order.`;
  if (anchor === null)
    return { good: true, text: `${whole} No copy of its end is kept elsewhere yet; one is made every day, so that a cut end would show.` };
  if (!anchor.matches)
    return {
      good: false,
      text: `The entries fit together, but not with the copy of its end that was kept elsewhere (${day(anchor.at)}, entry ${anchor.seq}): the trail was cut or replaced.`,
    };
  return {
    good: true,
    text: `${whole} It agrees with the copy of its end that is kept elsewhere (${day(anchor.at)}, entry ${anchor.seq}).`,
  };
}
