/** As the environment has it: folders of programs that no command can write to. */
export const SYSTEM_PATH = "PATH=/opt/node/bin:/usr/local/bin:/usr/bin:/bin";
/** Where programs look for modules and settings that a command could have put there. */
const PLACES = ["NODE_PATH", "NPM_CONFIG_PREFIX", "MPLCONFIGDIR"].flatMap((name) => ["-u", name]);

/**
 * A line of bash that has a way out: a person said yes to what stands in it, not to what an earlier command left. So its programs are the system's, and its home is a new, empty folder: no settings, no modules. What it wants of the old
 * one it has to say (`export HOME=/home/user`), where the person reads it.
 */
export const cleanShell = (line: string): string[] => [
  "/usr/bin/env",
  ...PLACES,
  SYSTEM_PATH,
  "/bin/bash",
  "-c",
  'HOME=$(mktemp -d) && export HOME && exec /bin/bash -c "$0"',
  line,
];
