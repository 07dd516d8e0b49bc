import { activity } from "./activity.ts";
import { approvals } from "./approvals.ts";
import { approve } from "./approve.ts";
import { cancel } from "./cancel.ts";
import { checkIn } from "./check-in.ts";
import { closest } from "./closest.ts";
import type { Command, CommandContext } from "./command.ts";
import { deny } from "./deny.ts";
import { files } from "./files.ts";
import { grants } from "./grants.ts";
import { help } from "./help.ts";
import { knowledge } from "./knowledge.ts";
import { listen } from "./listen.ts";
import { memory } from "./memory.ts";
import { model } from "./model.ts";
import { newConversation } from "./new.ts";
import { plan } from "./plan.ts";
import { playbook } from "./playbook.ts";
import { remind } from "./remind.ts";
import { schedule } from "./schedule.ts";
import { secrets } from "./secrets.ts";
import { skill } from "./skill.ts";
import { start } from "./start.ts";
import { status } from "./status.ts";
import { task } from "./task.ts";
import { tasks } from "./tasks.ts";
import { undo } from "./undo.ts";
import { whoami } from "./whoami.ts";

/** Every command, in the order of `/help`. A new one is one line here. */
export const commands: readonly Command[] = [
  task,
  tasks,
  files,
  plan,
  playbook,
  remind,
  schedule,
  listen,
  checkIn,
  memory,
  newConversation,
  status,
  cancel,
  undo,
  approvals,
  approve,
  deny,
  grants,
  activity,
  knowledge,
  skill,
  secrets,
  model,
  whoami,
  help(() => commands),
  start(() => commands),
];

/** `/name args`, also as Telegram writes it in groups (`/name@bot args`). Null: an ordinary message, such as "/usr/bin is a path". */
export function parseCommand(text: string): { name: string; args: string } | null {
  const match = /^\/([a-z][a-z0-9_-]{0,31})(?:@\w{1,64})?(?:\s+([\s\S]*))?$/i.exec(text.trim());
  const name = (match?.[1] ?? "").toLowerCase();
  // With a hyphen only what is a command: "/etc-files" is a message.
  return match && (!name.includes("-") || commands.some((one) => one.name === name)) ? { name, args: (match[2] ?? "").trim() } : null;
}

/** Runs a command. One that does not exist is answered with the closest that does. */
export async function runCommand(command: { name: string; args: string }, context: CommandContext): Promise<string> {
  // Telegram has no hyphen in the names of commands.
  const named = command.name.replaceAll("_", "-");
  const found =
    commands.find(({ name }) => name === command.name || name === named) ?? commands.find(({ also }) => also?.includes(command.name));
  if (found) return found.run(command.args, context);
  const near = closest(
    command.name,
    commands.map(({ name }) => name),
  );
  return near === null
    ? `There is no command /${command.name}. /help shows all of them.`
    : `There is no command /${command.name}. Did you mean /${near}?`;
}
