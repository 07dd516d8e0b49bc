import { z } from "zod";
import { ListenerStatus } from "../../events/shapes.ts";
import { MargayError } from "../../errors.ts";
import { listenerTool, marked, view } from "./listener-tool.ts";

/** What it was before, and when the call changed it. */
const Receipt = z.object({ id: z.string(), before: ListenerStatus, at: z.number() });

const WORDS = { pause: "Pause", resume: "Switch on", delete: "Delete", test: "Try out" } as const;

export const changeListener = listenerTool({
  name: "change_listener",
  version: 1,
  description: "Pause, resume, delete or try out a listener",
  input: z.object({
    listener: z.string().trim().min(1).max(200).describe("number or title words"),
    do: z.enum(["pause", "resume", "delete", "test"]),
  }),
  // Its address, secret and log go with it, and are not made again.
  effect: ({ do: what }) => (what === "test" ? "read" : what === "delete" ? "destructive" : "write"),
  describe: ({ listener, do: what }) => `${WORDS[what]} the listener “${listener}”`,
  async execute({ listener, do: what }, { stores: { listeners }, tainted, idempotencyKey: key }) {
    const before = listeners.find(listener);
    if (what === "test") {
      const { conditions, would, answer, sentence } = await listeners.test(before.id);
      return { output: { sample: conditions, would, answer, sentence }, summary: `Tried out listener ${before.number}`, ...marked(before) };
    }
    if (what === "delete") {
      const gone = await listeners.delete(before.id, { key, tainted });
      return { output: { deleted: gone.number }, summary: `Deleted listener ${gone.number}`, ...marked(gone) };
    }
    const after = listeners.setStatus(before.id, what === "pause" ? "paused" : "active", { key, tainted });
    return {
      output: { changed: view(after) },
      summary: `${what === "pause" ? "Paused" : "Switched on"} listener ${after.number}`,
      receipt: { id: after.id, before: before.status, at: after.updated_at },
      ...marked(after),
    };
  },
  async undo(receipt, { stores: { listeners }, tainted, idempotencyKey: key }) {
    const parsed = Receipt.safeParse(receipt);
    if (!parsed.success) throw new MargayError("invalid_request", "That cannot be taken back.");
    const { id, before, at } = parsed.data;
    const live = listeners.live(id);
    if (live?.updated_at !== at) throw new MargayError("conflict", "That listener was changed or deleted since, so I left it as it is.");
    const back = listeners.setStatus(id, before, { key, tainted });
    return { output: { restored: back.number }, summary: `Put listener ${back.number} back as it was`, ...marked(back) };
  },
});
