import { createHash } from "node:crypto";
import { MargayError } from "../../src/errors.ts";
import type { FileRefusal, TreeOther } from "../../src/sandbox/linux/contract.ts";
import type { LinuxSandbox, SandboxCommand, SandboxExit } from "../../src/sandbox/linux/linux-sandbox.ts";

type Files = Map<string, Uint8Array>;

/** A Linux in memory: what a command does is a function over the files of its session. */
export function memorySandbox() {
  const boxes = new Map<string, { files: Files; others: TreeOther[] }>();
  const commands: SandboxCommand[] = [];
  const state = {
    /** What the next commands do. */
    program: (_files: Files, _command: SandboxCommand): Partial<SandboxExit> | void | Promise<Partial<SandboxExit> | void> => undefined,
    printed: "",
    complete: true,
    /** Why a file is not taken. */
    refuses: (_path: string): FileRefusal["reason"] | null => null,
    puts: 0,
    trees: 0,
  };
  let ids = 0;
  const of = (id: string) => {
    const session = boxes.get(id);
    if (!session) throw new MargayError("gone", "There is no such session.");
    return session;
  };
  const sandbox: LinuxSandbox = {
    async open() {
      const id = `session${++ids}`;
      boxes.set(id, { files: new Map(), others: [] });
      return id;
    },
    close: async (id) => void boxes.delete(id),
    async exec(id, command, print, signal) {
      if (!boxes.has(id)) throw new MargayError("gone", "There is no such session.", { began: false });
      const { files } = of(id);
      commands.push(command);
      const exit = await state.program(files, command);
      signal.throwIfAborted();
      if (state.printed !== "") print("stdout", state.printed);
      return { code: 0, signal: null, ended: "exit", wallMs: 1, cpuMs: 1, ...exit };
    },
    async tree(id) {
      state.trees++;
      const { files, others } = of(id);
      return {
        files: [...files].map(([path, bytes]) => ({ path, size: bytes.length, sha256: hash(bytes), mode: 0o644, mtimeMs: 0 })),
        others,
        complete: state.complete,
      };
    },
    async put(id, given) {
      const { files } = of(id);
      const refused: FileRefusal[] = [];
      for (const { path, bytes } of given) {
        state.puts++;
        const reason = state.refuses(path);
        if (reason === null) files.set(path, bytes.slice());
        else refused.push({ path, reason });
      }
      return refused;
    },
    async read(id, wanted) {
      const { files } = of(id);
      return new Map(
        wanted.flatMap(({ path }) => {
          const bytes = files.get(path);
          return bytes ? [[path, bytes] as const] : [];
        }),
      );
    },
    async delete(id, paths) {
      const { files } = of(id);
      for (const path of paths) files.delete(path);
    },
  };
  return { sandbox, boxes, commands, state };
}

const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
