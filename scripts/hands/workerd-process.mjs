import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const WORKERD = createRequire(import.meta.url)("workerd").default;
const CONFIG = join(import.meta.dirname, "supervisor.capnp");

/**
 * Starts a workerd in a shell that ends it when this process is gone, however that happened: the shell's input closes then. It has no environment: there is nothing of this machine in it.
 */
const KEEPER =
  'exec 3<&0; "$@" </dev/null >/dev/null 2>&1 3<&- & p=$!; echo $p; { read x <&3; kill -9 $p; } & r=$!; wait $p; c=$?; kill $r; exit $c';

/**
 * A process that runs one code and is thrown away. `directory`: where its socket is, for this user alone.
 *
 * @returns {Promise<{ pid: number, socket: string, exited: Promise<number>, kill(): void }>} `exited`: 128 and more is a signal
 */
export async function startWorkerd(directory, name) {
  const socket = join(directory, name);
  const keeper = spawn("/bin/sh", ["-c", KEEPER, "sh", WORKERD, "serve", "--experimental", CONFIG, "--socket-addr", `run=unix:${socket}`], {
    cwd: directory,
    env: {},
    stdio: ["pipe", "pipe", "ignore"],
  });
  keeper.stdin.on("error", () => undefined);
  const exited = new Promise((resolve) => {
    keeper.once("error", () => resolve(1));
    keeper.once("exit", (code) => resolve(code ?? 137));
  });
  let ended = false;
  void exited.then(() => (ended = true));
  const pid = await new Promise((resolve, reject) => {
    keeper.stdout.once("data", (data) => resolve(Number(String(data).trim())));
    void exited.then(() => reject(new Error("workerd could not be started")));
  });
  const kill = () => {
    keeper.stdin.end();
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It is gone.
    }
  };
  for (let tries = 0; !(await answers(socket)); tries++) {
    if (ended || tries > 2_000) {
      kill();
      throw new Error("workerd does not answer");
    }
    await sleep(5);
  }
  return { pid, socket, exited, kill };
}

const answers = (socket) =>
  new Promise((resolve) => {
    const connection = connect(socket);
    connection.once("connect", () => (connection.destroy(), resolve(true)));
    connection.once("error", () => resolve(false));
  });
