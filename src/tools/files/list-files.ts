import { z } from "zod";
import { sizeOf } from "../../workspace/size-of.ts";
import { fileTool, marked } from "./file-tool.ts";

const SHOWN = 200;

/** What is in a folder, or what fits a pattern or words at any depth below it. */
export const listFiles = fileTool({
  name: "list_files",
  version: 1,
  description: "List the user's files in a folder, or find them by name",
  input: z.object({ folder: z.string().max(1_024).optional(), find: z.string().max(200).optional().describe("*.csv or words") }),
  effect: "read",
  rare: true,
  places: ({ folder = "/" }) => [folder],
  describe: ({ folder, find }) => (find === undefined ? `List the files in ${folder ?? "/"}` : `Look for files called ${find}`),
  execute({ folder = "/", find = "" }, { stores }) {
    const { path, folders, files, more } = stores.files.list({ path: folder, search: find.trim(), state: "current", limit: SHOWN });
    const lines = [
      ...folders.map((one) => `${one.path}/ (${one.files === 1 ? "1 file" : `${one.files} files`}, ${sizeOf(one.bytes)})`),
      ...files.map((file) => `${file.path} (${sizeOf(file.size)}, ${new Date(file.updated_at).toISOString().slice(0, 10)})`),
    ];
    const text = lines.length === 0 ? (find === "" ? `${path} is empty.` : "Nothing is called so.") : lines.join("\n");
    return {
      output: more ? `${text}\n[There are more. Look in a folder, or for a name.]` : text,
      summary: lines.length === 1 ? "Found 1 file or folder" : `Found ${lines.length} files and folders`,
      // Names are from outside too, where the files are.
      ...marked(...files),
      ...(folders.some((one) => one.from_outside) ? { untrusted: "names of files from outside" } : {}),
    };
  },
});
