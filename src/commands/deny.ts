import { inline, which } from "./shown.ts";
import type { Command } from "./command.ts";

export const deny: Command = {
  name: "deny",
  description: "Say no to what waits, and why",
  usage: "/deny\n/deny 7\n/deny 7 not to my boss",
  run(args, { ports }) {
    const found = which(args, ports.approvals.waiting(), ports.approvals.numbered);
    if ("sentence" in found) return found.sentence;
    const { description } = ports.approvals.answer(found.approval.id, "deny", found.rest);
    return `Denied: ${inline(description)}`;
  },
};
