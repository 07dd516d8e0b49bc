import { z } from "zod";
import { FilePath, fileTool, named, writer } from "./file-tool.ts";

/** Moves or renames a file or folder. */
export const moveFile = fileTool({
  name: "move_file",
  version: 1,
  description: "Move or rename a file or folder",
  input: z.object({ from: FilePath, to: FilePath }),
  effect: "write",
  rare: true,
  describe: ({ from, to }) => `Move ${from} to ${to}`,
  execute({ from, to }, context) {
    const moved = context.stores.files.move(from, to, writer(context));
    return { output: { moved: moved.map(({ path }) => path).slice(0, 50) }, summary: `Moved ${named(moved)}`, receipt: { from, to } };
  },
});
