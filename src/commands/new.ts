import type { Command } from "./command.ts";

export const newConversation: Command = {
  name: "new",
  description: "Start afresh; older messages stay searchable",
  usage: "/new",
  run(_, { ports }) {
    ports.newConversation();
    return "A new conversation. I start without what was said before; it stays in your history, and your to-dos stay too.";
  },
};
