import { z } from "zod";
import type { SandboxCommand } from "../../sandbox/linux/linux-sandbox.ts";
import { SYSTEM_PATH } from "./clean-run.ts";
import { linuxTool } from "./linux-tool.ts";
import { canonicalName, isKnown, type Manager, REGISTRY_HOSTS } from "./packages.ts";

/** What installing a package of this kind needs; granted to everybody, and asked about where the package is not one that everybody knows. */
export const PACKAGE_INSTALL = "package.install";

const Input = z
  .object({
    manager: z.enum(["pip", "npm"]),
    name: z.string().max(100),
    version: z
      .string()
      .regex(/^[0-9][0-9A-Za-z.+-]{0,39}$/, "is no version such as 1.2.3")
      .optional(),
  })
  // Names and nothing else: no address, no file, no option.
  .refine(({ manager, name }) => NAME[manager].test(name), { path: ["name"], message: "is no name of a package" });

const NAME: Readonly<Record<Manager, RegExp>> = {
  pip: /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/,
  npm: /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/,
};

/** Installs a package into the home folder of the session, with no other host in reach than its registry. */
export const installPackage = linuxTool({
  name: "install_package",
  version: 2,
  description: "Install a pip or npm package into the Linux; well-known ones without asking",
  input: Input,
  capabilities: ({ manager, name }) => [`${PACKAGE_INSTALL}:${manager}/${canonicalName(manager, name)}`],
  effect: ({ manager, name }) => (isKnown(manager, name) ? "write" : "external"),
  // Every package is at the same host.
  standing: () => "same",
  // What a registry is asked for tells it something: a version that was made up where content from outside was read could be a message.
  asksIfTainted: ({ version }) =>
    version === undefined ? null : "Content from outside was read before, and a version could carry something away.",
  destinations: ({ manager, name }) => (isKnown(manager, name) ? [] : [...REGISTRY_HOSTS[manager]]),
  describe: ({ manager, name, version }) => `Install the ${manager} package ${name}${version === undefined ? "" : ` ${version}`}`,
  command: ({ manager, name, version }) => commandOf(manager, canonicalName(manager, name), version),
  // The user's files are not needed for it.
  paths: () => [],
  hears: ({ manager }) => `a package from ${REGISTRY_HOSTS[manager][0] ?? manager}`,
});

/**
 * The session's folders may hold whatever an earlier command put there, and this one has a way out: so nothing of them is run, found or read as a setting. Programs are those of the system, and packages of npm run no scripts.
 */
const CLEAN = ["/usr/bin/env", "-C", "/usr", "-u", "NODE_PATH", SYSTEM_PATH];
const INSTALL: Readonly<Record<Manager, readonly string[]>> = {
  // Isolated: no package of the user's own is loaded while it runs, and none from the folder it runs in.
  pip: [...CLEAN, "PIP_CONFIG_FILE=/dev/null", "/usr/bin/python3", "-I", "-m", "pip", "install", "--"],
  // Node looks for modules below the home folder too, and npm for settings there and where it installs to.
  npm: [...CLEAN, "HOME=/nonexistent", "npm", "install", "--global", "--ignore-scripts", "--globalconfig=/dev/null", "--"],
};

function commandOf(manager: Manager, name: string, version: string | undefined): SandboxCommand {
  const wanted = version === undefined ? name : manager === "pip" ? `${name}==${version}` : `${name}@${version}`;
  const argv = [...INSTALL[manager], wanted];
  return { run: { argv }, cwd: null, stdin: null, timeoutMs: 300_000, hosts: REGISTRY_HOSTS[manager], secret: null };
}
