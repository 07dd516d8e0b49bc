import type { FileRefusal, FilesDeleted, FilesWritten, Tree } from "../../src/sandbox/linux/contract.ts";
import { ENDED_SESSION, Failure } from "./failure.ts";
import type { AgentMessage } from "./frames.ts";
import type { Session } from "./session.ts";

/** How long moving files may take before the session counts as broken, in ms. */
const FILES_MS = 120_000;
/** What an agent may say in all; an honest one is bounded by the number of files. */
const MOST_REFUSED = 200_000;

/** What is in the work folder. */
export async function listFiles(session: Session): Promise<Tree> {
  const tree: Tree = { files: [], others: [], complete: true };
  await operation(session, { do: "tree", files: session.limits.files }, (message) => {
    if ("entries" in message) {
      for (const entry of message.entries) {
        if ("sha256" in entry) tree.files.push(entry);
        else tree.others.push(entry);
      }
    } else if ("done" in message) tree.complete = message.done.complete === true;
    if (tree.files.length + tree.others.length > session.limits.files + 1_000) throw new Error("more entries than asked for");
  });
  return tree;
}

/** Unpacks a zip inside. `chunks` are its bytes as they come; more than `most` end it. */
export async function writeFiles(session: Session, chunks: AsyncIterable<Uint8Array>, most: number): Promise<FilesWritten> {
  const { limits, link } = session;
  const result: FilesWritten = { written: 0, refused: [] };
  let tooLarge = false;
  await operation(
    session,
    { do: "put", files: limits.files, bytes: limits.diskBytes, fileBytes: limits.fileBytes },
    counted(result.refused, (count) => (result.written = count)),
    async () => {
      let sent = 0;
      for await (const chunk of chunks) {
        sent += chunk.length;
        if (sent > most) {
          tooLarge = true;
          break;
        }
        for (let at = 0; at < chunk.length; at += 65_536) await link.send("Z", chunk.subarray(at, at + 65_536));
        if (!session.alive) throw ENDED_SESSION();
      }
      // Cut off, it is no zip any more, and nothing of it is written.
      await link.say({ do: "put-end" });
    },
  ).catch((error: unknown) => {
    throw tooLarge ? new Failure("payload_too_large", `The files are larger than ${most} bytes together.`) : error;
  });
  return result;
}

/** A zip of these files, piece by piece. The first answer comes before anything is read. */
export async function readFiles(session: Session, paths: string[], write: (bytes: Buffer) => Promise<void>): Promise<void> {
  const { limits } = session;
  // What is packed again is no larger than what is there, and what a zip says about each file.
  const most = limits.diskBytes * 1.01 + paths.length * 5_000 + 65_536;
  let sent = 0;
  await operation(
    session,
    { do: "read", paths },
    () => {},
    async () => {},
    async (kind, bytes) => {
      sent += bytes.length;
      if (kind !== "Z" || sent > most) throw new Error("not the files that were asked for");
      await write(bytes);
    },
  );
}

export async function deleteFiles(session: Session, paths: string[]): Promise<FilesDeleted> {
  const result: FilesDeleted = { deleted: 0, refused: [] };
  await operation(
    session,
    { do: "delete", paths },
    counted(result.refused, (count) => (result.deleted = count)),
  );
  return result;
}

function counted(refused: FileRefusal[], done: (count: number) => void): (message: AgentMessage) => void {
  return (message) => {
    if ("refused" in message) refused.push(...message.refused);
    else if ("done" in message) done(message.done.count ?? 0);
    if (refused.length > MOST_REFUSED) throw new Error("more refusals than files");
  };
}

async function operation(
  session: Session,
  request: Record<string, unknown>,
  hear: (message: AgentMessage) => void,
  after: () => Promise<void> = async () => {},
  data: (kind: string, bytes: Buffer) => Promise<void> = async () => {
    throw new Error("data that nobody asked for");
  },
): Promise<void> {
  const op = session.take();
  let failed: string | null = null;
  try {
    await session.ask(
      FILES_MS,
      async () => {
        await session.link.say({ op, ...request });
        await after();
      },
      {
        data,
        message: (message) => {
          if (!("op" in message) || message.op !== op) throw new Error("an answer to something else");
          if ("failed" in message) failed = message.failed;
          else if ("entries" in message || "refused" in message || "done" in message) hear(message);
          else throw new Error("not an answer about files");
        },
      },
      (message) => "done" in message || "failed" in message,
    );
  } finally {
    session.give();
  }
  if (failed !== null) throw failureOf(failed);
}

function failureOf(reason: string): Failure {
  if (reason === "no-room") return new Failure("payload_too_large", "There is no room for these files in the sandbox.");
  if (reason === "too-many") return new Failure("payload_too_large", "These are more files than the sandbox takes.");
  return new Failure("invalid_request", "The body is not a zip that can be read.");
}
