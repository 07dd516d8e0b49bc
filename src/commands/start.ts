import { plain } from "../plain.ts";
import type { Command } from "./command.ts";

/** The first thing Telegram sends when a chat is opened. */
export const start = (commands: () => readonly Command[]): Command => ({
  name: "start",
  description: "Say hello",
  usage: "/start",
  run(_, { user, ports, publicUrl }) {
    const name = user.name.trim() === "" ? "" : ` ${plain(user.name.trim())}`;
    const offline = ports.model().every((tier) => tier.offline);
    const settings = publicUrl === null ? "on the page under Settings → Models" : `at ${publicUrl} under Settings → Models`;
    return [
      `Hello${name}, I am Margay, your own assistant.`,
      offline
        ? `No language model is connected yet, so for now I understand to-dos and dates in plain words. Connect one ${settings}.`
        : "Write to me as you would to a person.",
      `Try “add task: water the plants, due tomorrow”, or ${commands().some(({ name: one }) => one === "help") ? "/help" : "/task"}.`,
    ].join("\n\n");
  },
});
