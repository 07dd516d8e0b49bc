import { z } from "zod";
import { FileRefusal, TreeFile, TreeOther } from "../../src/sandbox/linux/contract.ts";

/**
 * Frames between the server and the agent inside a session: one byte of kind, four of length (big endian), the payload. `J` is JSON; `O` and `E` what a command
 * prints; `I` what it reads; `Z` bytes of a zip. What comes from inside may be written by a command that took the agent's place: it is bounded, and parsed.
 */
export type FrameKind = "J" | "O" | "E" | "I" | "Z";

export interface Frame {
  kind: FrameKind;
  payload: Buffer;
}

const HEADER = 5;
/** The agent sends data in pieces of 64 KiB; what it says in JSON is longer where paths are. */
const MOST = { J: 4 * 1024 * 1024, O: 64 * 1024, E: 64 * 1024, Z: 64 * 1024 };
type Inward = keyof typeof MOST;

export function frame(kind: FrameKind, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(HEADER);
  head.write(kind, 0, "latin1");
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

/** Thrown on what no agent says: the session cannot be trusted to be one any more. */
export class BadFrame extends Error {
  override readonly name = "BadFrame";
}

/** Takes a stream of bytes apart. Holds at most one frame. */
export class FrameReader {
  #held: Buffer[] = [];
  #size = 0;

  *take(data: Buffer): Generator<Frame> {
    this.#held.push(data);
    this.#size += data.length;
    for (let head = this.#peek(); head !== null && this.#size >= HEADER + head.length; head = this.#peek()) {
      const all = this.#joined();
      yield { kind: head.kind, payload: all.subarray(HEADER, HEADER + head.length) };
      this.#held = [all.subarray(HEADER + head.length)];
      this.#size = all.length - HEADER - head.length;
    }
  }

  #peek(): { kind: Inward; length: number } | null {
    if (this.#size < HEADER) return null;
    const first = this.#held[0];
    const all = first !== undefined && first.length >= HEADER ? first : this.#joined();
    const kind = String.fromCharCode(all[0] ?? 0);
    const length = all.readUInt32BE(1);
    if (!isInward(kind) || length > MOST[kind]) throw new BadFrame("a frame that no agent sends");
    return { kind, length };
  }

  #joined(): Buffer {
    const all = this.#held.length === 1 && this.#held[0] !== undefined ? this.#held[0] : Buffer.concat(this.#held);
    this.#held = [all];
    return all;
  }
}

const isInward = (kind: string): kind is Inward => Object.hasOwn(MOST, kind);

const op = z.int().min(1);
/** What the agent says. */
export const AgentMessage = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ op, started: z.literal(true) }),
  z.strictObject({
    op,
    exited: z.strictObject({
      code: z.int().min(0).max(255).nullable(),
      signal: z
        .string()
        .regex(/^SIG[A-Z0-9]{1,12}$/)
        .nullable(),
      clean: z.boolean(),
    }),
  }),
  z.strictObject({ op, failed: z.enum(["no-folder", "not-found", "cannot-run", "no-room", "bad-zip", "too-many"]) }),
  z.strictObject({ op, entries: z.array(z.union([TreeFile.strict(), TreeOther.strict()])).max(1_000) }),
  z.strictObject({ op, refused: z.array(FileRefusal.strict()).max(1_000) }),
  z.strictObject({ op, done: z.strictObject({ complete: z.boolean().optional(), count: z.int().min(0).optional() }) }),
]);
export type AgentMessage = z.infer<typeof AgentMessage>;

export function agentMessage(payload: Buffer): AgentMessage {
  let value: unknown;
  try {
    value = JSON.parse(payload.toString("utf8"));
  } catch {
    throw new BadFrame("not JSON");
  }
  const parsed = AgentMessage.safeParse(value);
  if (!parsed.success) throw new BadFrame("not a message of the agent");
  return parsed.data;
}
