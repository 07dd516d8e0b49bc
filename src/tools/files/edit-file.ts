import { z } from "zod";
import { MargayError, withNext } from "../../errors.ts";
import { FilePath, fileTool, marked, writer } from "./file-tool.ts";

/** Changes one place of a text file. The text to replace must stand there once, so that no other place is meant. */
export const editFile = fileTool({
  name: "edit_file",
  version: 1,
  description: "Replace a text that stands once in a file",
  input: z.object({ path: FilePath, old: z.string().min(1).max(200_000), new: z.string().max(200_000), all: z.boolean().optional() }),
  effect: "write",
  rare: true,
  places: ({ path }) => [path],
  describe: ({ path, old, all }) =>
    `Change ${all ? "every" : "the"} “${old.length > 80 ? `${old.slice(0, 80).toWellFormed()}…` : old}” in ${path}`,
  async execute({ path, old, new: next, all = false }, context) {
    const { files } = context.stores;
    const known = files.done(context.idempotencyKey);
    if (known)
      return {
        output: { changed: known.path, version: known.version },
        summary: `Changed ${known.path}`,
        receipt: { written: known.id, version: known.version, before: known.version > 1 ? known.version - 1 : null },
        ...marked(known),
      };
    const { file, text, plain } = await files.read(path, context.signal);
    if (!plain) throw new MargayError("unsupported", `${file.path} is no text, so it cannot be edited.`);
    const count = text.split(old).length - 1;
    if (count === 0) throw new MargayError("not_found", `That text is not in ${file.path}. Read it again: blanks and line ends count.`);
    if (count > 1 && !all)
      throw new MargayError(
        "conflict",
        `That text stands ${count} times in ${file.path}.`,
        withNext("Give more of what is around it, or all: true."),
      );
    // A function, so that `$&` in the new text is text.
    const changed = all ? text.split(old).join(next) : text.replace(old, () => next);
    // What was from outside stays so, whoever changes a word of it.
    const { file: written, before } = await files.write(file.path, changed, writer(context, file.untrusted), file.version);
    return {
      output: { changed: written.path, version: written.version, ...(count > 1 ? { places: count } : {}) },
      summary: `Changed ${written.path}`,
      receipt: { written: written.id, version: written.version, before },
      ...marked(file),
    };
  },
});
