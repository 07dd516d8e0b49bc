import { existsSync, lstatSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { Limits } from "../../src/sandbox/linux/contract.ts";

/** Room of /dev/shm, in bytes. */
export const SHARED_MEMORY = 64 * 1024 * 1024;
/** What of /etc programs need and nobody minds: how libraries, certificates, fonts and types of files are found. */
const ETC = [
  "alternatives",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "ssl/certs",
  "ssl/openssl.cnf",
  "ca-certificates",
  "fonts",
  "mime.types",
  "magic",
  "matplotlibrc",
];
/** Files of /proc that tell about the machine, or reach into it. */
const MASKED = [
  "cmdline",
  "kcore",
  "kallsyms",
  "keys",
  "key-users",
  "modules",
  "sched_debug",
  "timer_list",
  "config.gz",
  "latency_stats",
  "kmsg",
];
/**
 * The arguments that say what is inside. `home`: files that every session sees (`etc/`, `agent/`); `egress`: this session's folder for its way out.
 */
export function bubblewrapArguments(home: string, egress: string, limits: Limits): string[] {
  const readable = (path: string) => ["--ro-bind", path, path];
  const node = existsSync("/usr/bin/node") ? [] : ["--ro-bind", process.execPath, "/opt/node/bin/node"];
  return [
    ["--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"],
    ["--disable-userns", "--die-with-parent", "--new-session", "--hostname", "sandbox", "--uid", "1000", "--gid", "1000"],
    ["--cap-drop", "ALL", "--clearenv"],
    ["--perms", "0755", "--dir", "/etc", "--perms", "0755", "--dir", "/etc/ssl", "--perms", "0755", "--dir", "/run"],
    readable("/usr"),
    // What an administrator put there is no program.
    existsSync("/usr/local/etc") ? ["--size", "4096", "--tmpfs", "/usr/local/etc", "--remount-ro", "/usr/local/etc"] : [],
    ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
      .filter((path) => existsSync(path))
      .flatMap((path) => (lstatSync(path).isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : readable(path))),
    ETC.map((name) => `/etc/${name}`)
      .filter((path) => existsSync(path))
      .flatMap(readable),
    readdirSync(join(home, "etc")).flatMap((name) => ["--ro-bind", join(home, "etc", name), `/etc/${name}`]),
    node,
    ["--proc", "/proc"],
    MASKED.map((name) => `/proc/${name}`)
      .filter((path) => existsSync(path))
      .flatMap((path) => ["--ro-bind", "/dev/null", path]),
    ["--dev", "/dev", "--size", String(SHARED_MEMORY), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"],
    ["--size", String(limits.diskBytes), "--tmpfs", "/work"],
    ["--size", String(limits.scratchBytes), "--tmpfs", "/tmp"],
    ["--size", String(limits.scratchBytes), "--tmpfs", "/home/user"],
    ["--ro-bind", join(home, "agent"), "/run/agent", "--ro-bind", egress, "/run/egress"],
    ["--chdir", "/work", "--remount-ro", "/", "--seccomp", "4"],
  ].flat();
}
