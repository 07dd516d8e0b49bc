import { z } from "zod";
import { readPlaybookCall } from "../plans/playbook-words.ts";
import { playbooksText } from "../plans/plan-text.ts";
import type { Command } from "./command.ts";
import { changePlan } from "./plan-call.ts";

const Started = z.object({ started: z.object({ plan: z.number() }) });

export const playbook: Command = {
  name: "playbook",
  description: "Plans that are ready to run: list, run",
  usage: ["/playbook", '/playbook run trip-plan place=Oslo dates="3 to 7 June"'].join("\n"),
  also: ["playbooks"],
  async run(args, context) {
    const { plans } = context.ports;
    if (args === "" || /^(?:list|ls|show)$/iu.test(args)) return playbooksText(plans.playbooks());
    const { name, variables } = readPlaybookCall(args);
    const { started } = Started.parse(await changePlan({ do: "run_playbook", playbook: name, variables }, context));
    return `The playbook ${name} runs, as plan ${started.plan}. I tell you what comes of it.`;
  },
};
