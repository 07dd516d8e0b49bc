import { z } from "zod";
import { FilePath, fileTool, writer } from "./file-tool.ts";

/** Writes a text as a file. What was there stays as its earlier version. */
export const writeFile = fileTool({
  name: "write_file",
  version: 1,
  description: "Write a text file for the user; results go to /outputs",
  input: z.object({ path: FilePath, text: z.string().max(1_000_000) }),
  effect: "write",
  rare: true,
  places: ({ path }) => [path],
  describe: ({ path, text }) => `Write ${path} (${text.length.toLocaleString("en")} characters)`,
  async execute({ path, text }, context) {
    const { file, before } = await context.stores.files.write(path, text, writer(context));
    return {
      output: { [before === null ? "added" : "changed"]: file.path, version: file.version },
      summary: `${before === null ? "Wrote" : "Changed"} ${file.path}`,
      receipt: { written: file.id, version: file.version, before },
    };
  },
});
