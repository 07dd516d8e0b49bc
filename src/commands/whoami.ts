import { plain } from "../plain.ts";
import type { Command } from "./command.ts";

export const whoami: Command = {
  name: "whoami",
  description: "Who you are here",
  usage: "/whoami",
  run(_, { user, channel, timeZone }) {
    const name = user.name.trim() === "" ? user.email : `${user.name.trim()} (${user.email})`;
    return `You are ${plain(name)}, role ${user.role}, writing by ${channel}, time zone ${timeZone}. Your id is \`${user.id}\`.`;
  },
};
