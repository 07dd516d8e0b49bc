import { z } from "zod";
import { FilePath, fileTool, marked, named, writer } from "./file-tool.ts";

/** Deletes a file or folder; it can be brought back for 30 days. */
export const deleteFile = fileTool({
  name: "delete_file",
  version: 1,
  description: "Delete a file or folder; kept 30 days",
  input: z.object({ path: FilePath }),
  effect: "write",
  rare: true,
  places: ({ path }) => [path],
  describe: ({ path }) => `Delete ${path}`,
  execute({ path }, context) {
    const deleted = context.stores.files.delete(path, writer(context));
    return {
      output: { deleted: deleted.map((file) => file.path).slice(0, 50) },
      summary: `Deleted ${named(deleted)}`,
      receipt: { deleted: deleted.map(({ id }) => id) },
      ...marked(...deleted),
    };
  },
});
