import { NOT_BY_MAIL } from "../channels/approval-view.ts";
import { inline, which } from "./shown.ts";
import type { Command } from "./command.ts";

const SAID = { once: "this once", task: "and others like it for this task", always: "and from now on" } as const;

export const approve: Command = {
  name: "approve",
  description: "Say yes to what waits",
  usage: "/approve\n/approve 7\n/approve 7 task\n/approve 7 always",
  run(args, { channel, ports }) {
    // The channel says so too; here nothing that it reads otherwise gets by.
    if (channel === "email") return NOT_BY_MAIL;
    const found = which(args, ports.approvals.waiting(), ports.approvals.numbered);
    if ("sentence" in found) return found.sentence;
    const [, scope = "once", note = ""] = /^(?:(once|task|always)(?:\s*$|\s*[:,\n]\s*))?([\s\S]*)$/i.exec(found.rest) ?? [];
    const answer = SCOPES[scope.toLowerCase()] ?? "once";
    const { description, scope: taken } = ports.approvals.answer(found.approval.id, answer, note);
    return `Approved, ${SAID[taken ?? answer]}: ${inline(description)}`;
  },
};

const SCOPES: Readonly<Record<string, keyof typeof SAID>> = { once: "once", task: "task", always: "always" };
