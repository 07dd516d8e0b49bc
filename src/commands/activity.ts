import type { AuditEntry } from "../audit/entry.ts";
import { inline, moment } from "./shown.ts";
import type { Command } from "./command.ts";

const DAY_MS = 24 * 3_600_000;
const SHOWN = 20;
const SPANS: Readonly<Record<string, number>> = { today: DAY_MS, day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };

export const activity: Command = {
  name: "activity",
  description: "What I did: all of it, or only what was sent",
  usage: "/activity\n/activity week\n/activity sent week\n/activity asked month",
  run(args, { ports, now, timeZone, publicUrl }) {
    const words = args.toLowerCase().split(/\s+/).filter(Boolean);
    const span = words.map((word) => SPANS[word]).find((ms) => ms !== undefined) ?? 7 * DAY_MS;
    const rest = words.filter((word) => SPANS[word] === undefined && !["this", "last", "everything", "all"].includes(word));
    const sent = rest.includes("sent");
    const asked = rest.includes("asked");
    const text = rest.filter((word) => word !== "sent" && word !== "asked").join(" ");
    const filter = sent
      ? { kind: "result" as const, effect: "external", event: "done" }
      : asked
        ? { kind: "approval" as const }
        : { kind: "result" as const };
    const found = ports.activity({ ...filter, since: now() - span, limit: SHOWN + 1, ...(text === "" ? {} : { text }) });
    if (found.length === 0) return sent ? "Nothing was sent in that time." : "Nothing of that kind in that time.";
    const more = publicUrl === null ? "on the page under Activity" : `at ${publicUrl}/activity`;
    const lines = found.slice(0, SHOWN).map((entry) => line(entry, timeZone));
    return `${lines.join("\n")}\n\n${found.length > SHOWN ? `There is more, ${more}.` : `All of it with reasons: ${more}.`}`;
  },
};

function line({ at, event, summary, tool, destinations }: AuditEntry, timeZone: string): string {
  const where = destinations.length === 0 ? "" : ` → ${destinations.map(inline).join(", ")}`;
  return `- ${moment(at, timeZone)}, ${event}: ${inline(summary === "" ? (tool ?? "") : summary)}${where}`;
}
