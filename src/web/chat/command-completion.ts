/** A command as `GET /api/v1/commands` lists it. */
export interface CommandInfo {
  name: string;
  description: string;
  usage: string;
}

/** The command name being typed: the text starts with a slash and the caret stands in its first word. Null: none. */
export function commandPrefix(text: string, caret: number): string | null {
  if (!text.startsWith("/") || caret < 1) return null;
  const before = text.slice(1, caret);
  if (/\s/u.test(before)) return null;
  return before.toLowerCase();
}

/** Commands for a prefix: those that begin with it first, then those that contain it. */
export function matchCommands(commands: CommandInfo[], prefix: string): CommandInfo[] {
  const begins = commands.filter((command) => command.name.startsWith(prefix));
  const contains = commands.filter((command) => !command.name.startsWith(prefix) && command.name.includes(prefix));
  return [...begins, ...contains];
}

/** The text after choosing a command: what stood after the first word stays. */
export function completeCommand(text: string, command: CommandInfo): { text: string; caret: number } {
  const rest = text.replace(/^\/\S*\s*/u, "");
  const start = `/${command.name} `;
  return { text: start + rest, caret: start.length };
}
