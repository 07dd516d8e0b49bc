import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findCgroups } from "../src/cgroup.ts";
import { isPublicAddress } from "../src/public-address.ts";
import { seccompProgram } from "../src/seccomp.ts";
import { readSettings } from "../src/settings.ts";

const HERE = join(import.meta.dirname, "..");
const json = (file: string): { dependencies: Record<string, string>; devDependencies: Record<string, string> } =>
  JSON.parse(readFileSync(join(HERE, file), "utf8"));

test("its packages are those that it is tested with", () => {
  const { dependencies, devDependencies } = json("../package.json");
  const tested = { ...dependencies, ...devDependencies };
  for (const [name, version] of Object.entries(json("package.json").dependencies)) expect([name, version]).toEqual([name, tested[name]]);
});

test("the Dockerfile copies files that are there, and runs the server", () => {
  const dockerfile = readFileSync(join(HERE, "Dockerfile"), "utf8");
  const copied = [...dockerfile.matchAll(/^COPY (?:--\S+ )*(\S+) \S+$/gm)].map(([, from]) => from ?? "");
  expect(copied.length).toBeGreaterThan(2);
  for (const path of copied) expect(readdirSync(join(HERE, "..", path, "..")), path).toContain(path.replace(/\/$/, "").split("/").at(-1));
  expect(dockerfile).toContain('"node", "/app/container-sandbox/src/main.ts"');
});

test("isPublicAddress() says no to every address that is not the public internet's", () => {
  const no = [
    "127.0.0.1",
    "10.1.2.3",
    "192.168.0.1",
    "172.31.255.255",
    "169.254.169.254",
    "100.100.100.200",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
  ];
  const no6 = [
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:db8::1",
    "ff02::1",
  ];
  for (const address of [...no, ...no6, "", "localhost", "127.1"]) expect(isPublicAddress(address), address).toBe(false);
  for (const address of ["8.8.8.8", "151.101.0.223", "2606:4700::6810:1", "2a04:4e42::223"])
    expect(isPublicAddress(address), address).toBe(true);
});

/** Runs a filter as the kernel does: what it answers for one call. */
function judge(program: Buffer, audit: number, call: number, args: number[] = []): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call, 0);
  data.writeUInt32LE(audit, 4);
  args.forEach((value, at) => data.writeUInt32LE(value >>> 0, 16 + 8 * at));
  let loaded = 0;
  for (let at = 0; at < program.length / 8; at++) {
    const [code, yes, no, value] = [
      program.readUInt16LE(at * 8),
      program[at * 8 + 2] ?? 0,
      program[at * 8 + 3] ?? 0,
      program.readUInt32LE(at * 8 + 4),
    ];
    if (code === 0x20) loaded = data.readUInt32LE(value);
    else if (code === 0x06) return value;
    else at += (code === 0x15 ? loaded === value : code === 0x35 ? loaded >= value : (loaded & value) !== 0) ? yes : no;
  }
  throw new Error("the filter has no end");
}

test("seccompProgram() answers each call as it should, on both machines, and knows no third", () => {
  const ALLOW = 0x7fff0000;
  const machines = [
    { arch: "x64", audit: 0xc000003e, read: 0, ptrace: 101, socket: 41, clone: 56, ioctl: 16, memfd: 319 },
    { arch: "arm64", audit: 0xc00000b7, read: 63, ptrace: 117, socket: 198, clone: 220, ioctl: 29, memfd: 279 },
  ];
  for (const { arch, audit, read, ptrace, socket, clone, ioctl, memfd } of machines) {
    const program = seccompProgram(arch) ?? Buffer.alloc(0);
    const on = (call: number, ...args: number[]) => judge(program, audit, call, args);
    expect([on(read), on(ptrace), on(memfd), on(435)]).toEqual([ALLOW, 0x50001, 0x50026, 0x50026]);
    expect([1, 2, 10, 16, 17, 38, 40].map((family) => on(socket, family) === ALLOW)).toEqual([true, true, true, true, false, false, false]);
    expect([on(clone, 17), on(clone, 0x003d0f00), on(clone, 0x10000011), on(clone, 0x40000011)]).toEqual([ALLOW, ALLOW, 0x50001, 0x50001]);
    expect([on(ioctl, 0, 0x5401), on(ioctl, 0, 0x5412), on(ioctl, 0, 0x541c)]).toEqual([ALLOW, 0x50001, 0x50001]);
    expect(judge(program, 0x40000003, read)).toBe(0x80000000);
  }
  expect(judge(seccompProgram("x64") ?? Buffer.alloc(0), 0xc000003e, 0x40000000)).toBe(0x50026);
  expect(seccompProgram("riscv64")).toBeNull();
});

test("readSettings() gives a container one session, and refuses what it does not know without repeating it", () => {
  const token = "x".repeat(24);
  expect(readSettings({ SANDBOX_TOKEN: token, SANDBOX_ISOLATION: "container", SANDBOX_SESSIONS: "9" }).sessions).toBe(1);
  expect(readSettings({ SANDBOX_TOKEN: token, SANDBOX_MEMORY_MB: "256" }).most.memoryBytes).toBe(256 << 20);
  for (const bad of [
    { SANDBOX_ISOLATION: "none" },
    { SANDBOX_PORT: "99999" },
    { SANDBOX_PROXY: "https://p" },
    { SANDBOX_MEMORY_MB: "lots" },
  ])
    expect(() => readSettings({ SANDBOX_TOKEN: token, ...bad })).toThrow(new RegExp(Object.keys(bad)[0] ?? ""));
});

/** A machine's files as far as groups go: what the kernel would make in a new folder has to be there. */
function machine(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "margay-cgroup-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

test("findCgroups() divides a group of version 2 that it may divide, writes its limits, and counts its kills", () => {
  const mount = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n";
  const root = machine({
    "proc/self/cgroup": "0::/user/margay\n",
    "proc/self/mountinfo": mount,
    "sys/fs/cgroup/user/margay/cgroup.subtree_control": "",
  });
  const own = join(root, "sys/fs/cgroup/user/margay");
  const group = findCgroups(root)?.create("one", { memoryBytes: 1_000_000, processes: 50 });
  expect(readFileSync(join(own, "margay-server/cgroup.procs"), "utf8")).toBe(String(process.pid));
  expect([readFileSync(join(own, "one/memory.max"), "utf8"), readFileSync(join(own, "one/pids.max"), "utf8")]).toEqual(["1000000", "50"]);
  group?.add(77);
  expect(readFileSync(join(own, "one/cgroup.procs"), "utf8")).toBe("77");
  writeFileSync(join(own, "one/memory.events"), "low 0\noom 3\noom_kill 2\n");
  expect(group?.memoryKills()).toBe(2);
  rmSync(root, { recursive: true });
});

test("findCgroups() finds version 1 where that is, and is null where nothing can be made", () => {
  const mounts = "31 23 0:27 / /cg/memory rw - cgroup cgroup rw,memory\n32 23 0:28 /box /cg/pids rw - cgroup cgroup rw,pids\n";
  const root = machine({
    "proc/self/cgroup": "8:pids:/box/a\n4:memory:/m\n0::/\n",
    "proc/self/mountinfo": mounts,
    "cg/memory/m/x": "",
    "cg/pids/a/x": "",
  });
  findCgroups(root)?.create("one", { memoryBytes: 5, processes: 6 });
  expect(readFileSync(join(root, "cg/memory/m/one/memory.limit_in_bytes"), "utf8")).toBe("5");
  expect(readFileSync(join(root, "cg/pids/a/one/pids.max"), "utf8")).toBe("6");
  rmSync(root, { recursive: true });
  const bare = machine({ "proc/self/cgroup": "0::/\n", "proc/self/mountinfo": "" });
  expect(findCgroups(bare)).toBeNull();
  rmSync(bare, { recursive: true });
});
