import { z } from "zod";
import { folderPath } from "../../workspace/path.ts";
import { FilePath, fileTool, marked, named, writer } from "./file-tool.ts";

/** Moves or renames a file or folder. */
export const moveFile = fileTool({
  name: "move_file",
  version: 1,
  description: "Move or rename a file or folder",
  input: z.object({ from: FilePath, to: FilePath }),
  effect: "write",
  rare: true,
  places: ({ from, to }) => [from, to],
  describe: ({ from, to }) => `Move ${from} to ${to}`,
  execute({ from, to }, context) {
    const { files } = context.stores;
    const moved = files.move(from, to, writer(context));
    const [source, target] = [folderPath(from), folderPath(to)];
    return {
      output: { moved: moved.map(({ path }) => path).slice(0, 50) },
      summary: `Moved ${named(moved)}`,
      receipt: { moved: moved.map(({ id, path }) => ({ id, from: source + path.slice(target.length), to: path })) },
      ...marked(...moved),
    };
  },
});
