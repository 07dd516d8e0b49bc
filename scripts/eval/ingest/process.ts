/** The process that `eval ingest` parses in: gets `{ path, name }`, answers with results and a null. */
import { z } from "zod";
import { ingestFile } from "./ingest-file.ts";

const File = z.object({ path: z.string(), name: z.string() });

const send = (value: object | null): Promise<void> =>
  new Promise((resolve, reject) => process.send?.(value, (error: Error | null) => (error ? reject(error) : resolve())));

// A promise that a library left behind is not a reason to end: the file has its answer.
process.on("unhandledRejection", () => undefined);
process.on("message", (message) => {
  const { path, name } = File.parse(message);
  void ingestFile(path, name, send).then(() => send(null));
});
