import { z } from "zod";
import { fileTool, marked } from "./file-tool.ts";

const SHOWN = 100;

/** Lines of the user's files that hold a text. Not a pattern: one that a model writes could take for ever. */
export const searchFiles = fileTool({
  name: "search_files",
  version: 1,
  description: "Find lines with a text in the user's files",
  input: z.object({ text: z.string().min(1).max(200), folder: z.string().max(1_024).optional() }),
  effect: "read",
  rare: true,
  places: ({ folder = "/" }) => [folder],
  describe: ({ text, folder }) => `Look for “${text}” in the files in ${folder ?? "/"}`,
  async execute({ text, folder = "/" }, { stores }) {
    const { found, more } = await stores.files.search(text, folder, SHOWN);
    const lines = found.map((line) => `${line.path}:${line.line}: ${line.text}`);
    return {
      output: lines.length === 0 ? "No line holds it." : `${lines.join("\n")}${more ? "\n[There are more.]" : ""}`,
      summary: found.length === 1 ? "Found 1 line" : `Found ${found.length} lines`,
      ...marked(...found),
    };
  },
});
