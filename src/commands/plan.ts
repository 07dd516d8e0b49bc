import { planLine, planText } from "../plans/plan-text.ts";
import type { Command, CommandContext } from "./command.ts";
import { changePlan } from "./plan-call.ts";

const USAGE = [
  "/plan",
  "/plan a weekend in Oslo in May: a plan to approve, nothing is done",
  "/plan show 3",
  "/plan approve 3, /plan approve 3 find_flights",
  "/plan reject 3 find_flights",
  "/plan run 3: approves the rest and runs it",
  "/plan cancel 3",
  "/plan retry 3",
  "/plan save 3 as my-trip: a playbook",
  "/plan delete 3",
].join("\n");

const HOW =
  "`/plan a weekend in Oslo in May` makes one: you see the steps and decide before anything is done. `/playbook` shows plans that are ready to run.";

export const plan: Command = {
  name: "plan",
  description: "A plan to approve before anything is done; those there are",
  usage: USAGE,
  also: ["plans"],
  run(args, context) {
    const { ports } = context;
    if (args === "" || /^(?:list|ls|help)$/iu.test(args)) {
      const open = ports.plans.open();
      return open.length === 0 ? `There are no open plans. ${HOW}` : `${open.map((one) => `- ${planLine(one)}`).join("\n")}\n\n${HOW}`;
    }
    const [, verb = "", digits = "", rest = ""] = /^(\S+)\s*#?(\d{1,9})?\s*([\s\S]*)$/u.exec(args) ?? [];
    if (digits === "") return `Which plan? Say its number, for example \`/plan ${verb} 3\`. /plan shows them.`;
    return change(verb.toLowerCase(), Number(digits), rest.trim(), context);
  },
};

async function change(verb: string, number: number, rest: string, context: CommandContext): Promise<string> {
  const { plans } = context.ports;
  switch (verb) {
    case "approve":
    case "reject": {
      const steps = rest.split(/[\s,]+/u).filter((step) => step !== "");
      if (steps.length === 0) await changePlan({ do: verb, plan: number }, context);
      for (const step of steps) await changePlan({ do: verb, plan: number, step: step.toLowerCase() }, context);
      return planText(plans.numbered(number));
    }
    case "run":
    case "retry":
      await changePlan({ do: verb, plan: number }, context);
      return `Plan ${number} runs. I tell you what comes of it.`;
    case "cancel":
    case "stop":
      await changePlan({ do: "cancel", plan: number }, context);
      return `Cancelled plan ${number}.`;
    case "delete":
    case "remove":
      plans.delete(number);
      return `Deleted plan ${number}.`;
    case "save": {
      const name = /^as\s+(\S+)$/iu.exec(rest)?.[1]?.toLowerCase();
      if (name === undefined) return `Under which name? For example \`/plan save ${number} as my-trip\`.`;
      await changePlan({ do: "save_playbook", plan: number, playbook: name }, context);
      return `Saved as the playbook ${name}. \`/playbook run ${name}\` runs it again; on the page you choose which words become variables.`;
    }
    default:
      return planText(plans.numbered(number));
  }
}
