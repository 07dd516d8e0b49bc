import type { Command } from "./command.ts";

export const cancel: Command = {
  name: "cancel",
  description: "Stop what is running, at once",
  usage: "/cancel",
  async run(_, { ports }) {
    const { stopped, dropped } = await ports.cancel();
    const waiting = dropped === 1 ? "1 message that waited was dropped" : `${dropped} messages that waited were dropped`;
    if (stopped === 0 && dropped === 0) return "Nothing is running.";
    if (dropped === 0) return "Stopped.";
    return stopped === 0 ? `Nothing was running; ${waiting}.` : `Stopped; ${waiting}.`;
  },
};
