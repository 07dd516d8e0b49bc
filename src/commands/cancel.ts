import type { Command } from "./command.ts";

export const cancel: Command = {
  name: "cancel",
  description: "Stop what is running, at once",
  usage: "/cancel\n/cancel 3: task number 3\n/cancel all: every task and plan too",
  also: ["stop"],
  async run(args, { ports }) {
    const word = args.toLowerCase();
    const number = /^(?:task\s*)?#?(\d{1,15})$/.exec(word)?.[1];
    if (number !== undefined) return `Stopped task ${ports.tasks.cancel(Number(number)).number}.`;
    if (word !== "" && word !== "all") return "Say `/cancel`, `/cancel 3` for task number 3, or `/cancel all`.";
    // Plans and tasks first: what they are stopped for must not be begun again by what is answered meanwhile.
    const plans = word === "all" ? ports.plans.cancelAll() : 0;
    const tasks = word === "all" ? ports.tasks.cancelAll() : 0;
    const { stopped, dropped } = await ports.cancel();
    const waiting = dropped === 1 ? "1 message that waited was dropped" : `${dropped} messages that waited were dropped`;
    const ended = [
      ...(stopped > 0 ? ["Stopped"] : []),
      ...(dropped > 0 ? [stopped > 0 ? waiting : `Nothing was running; ${waiting}`] : []),
    ].join("; ");
    const also = [
      ...(plans === 0 ? [] : [plans === 1 ? "Stopped 1 plan" : `Stopped ${plans} plans`]),
      ...(tasks === 0 ? [] : [tasks === 1 ? "Stopped 1 task" : `Stopped ${tasks} tasks`]),
    ];
    const left = also.length === 0 ? openLine(ports.tasks.open().length) : "";
    const asked = questionLine(ports.approvals.waiting().length);
    if (ended === "" && also.length === 0) return `Nothing is running.${left}${asked}`;
    return [...(ended === "" ? [] : [ended]), ...also].map((line) => `${line}.`).join(" ") + left + asked;
  },
};

/** A question stays open: its buttons go on doing what they say. */
const questionLine = (count: number): string =>
  count === 0
    ? ""
    : count === 1
      ? " 1 question waits for your yes or no; /approvals shows it, `/deny` is a no."
      : ` ${count} questions wait for your yes or no; /approvals shows them, \`/deny\` is a no.`;

const openLine = (count: number): string =>
  count === 0
    ? ""
    : ` ${count === 1 ? "1 task goes" : `${count} tasks go`} on in the background; \`/cancel all\` stops ${count === 1 ? "it" : "them"}.`;
