/** Commands as Telegram lists them: lower-case letters, digits and `_` (which stands for a hyphen) up to 32, descriptions up to 256, at most 100 (setMyCommands). */
export function botCommands(commands: readonly { name: string; description: string }[]): { command: string; description: string }[] {
  return commands
    .map(({ name, description }) => ({ name: name.replaceAll("-", "_"), description }))
    .filter(({ name, description }) => /^[a-z0-9_]{1,32}$/.test(name) && description.trim() !== "")
    .slice(0, 100)
    .map(({ name, description }) => ({
      command: name,
      description: description.length <= 256 ? description : `${description.slice(0, 255)}…`,
    }));
}
