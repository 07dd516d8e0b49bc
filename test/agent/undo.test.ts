import { expect, test } from "vitest";
import { Undo } from "../../src/agent/undo.ts";
import type { ServerFrame } from "../../src/channels/socket-protocol.ts";
import { MessageStore } from "../../src/db/object/messages.ts";
import { ToolCallStore } from "../../src/db/object/tool-calls.ts";
import { plainOutcome, type CompiledTool } from "../../src/tools/compiled-tool.ts";
import { objectStorage } from "../support/object-storage.ts";
import { standIn } from "../tasks/stand-in.ts";
import { message, START } from "./said.ts";

test("Undo.undo() marks the call in its answer, as it is read again and as every open page hears of it", async () => {
  const { sql } = objectStorage();
  const [messages, calls, frames, shown] = [new MessageStore(sql), new ToolCallStore(sql), [] as ServerFrame[], [] as string[]];
  const wrote = (callId: string) => ({
    callId,
    tool: "write_file",
    input: {},
    output: {},
    status: "done" as const,
    summary: "Wrote notes.md",
    untrusted: null,
    links: [],
    suspicious: false,
    approvalId: null,
  });
  const never = () => Promise.reject(new Error("nothing is called"));
  const steps = [{ text: "", calls: [wrote("0.0"), wrote("0.1")] }];
  messages.insert({ ...message("answer", "assistant", "Written.", { turnId: "t" }), steps });
  for (const id of ["t:0.0", "t:0.1"]) {
    const begun = { tool: "write_file", version: "1", effect: "write", input: "{}", decision: "allow", reason: "" } as const;
    calls.begin({ id, turnId: "t", ...begun, state: "executing", approvalId: null, startedAt: START });
    calls.keep(id, "1", START);
  }
  const tool: CompiledTool = {
    ...standIn("write_file"),
    rare: false,
    inputSchema: {},
    call: never,
    approved: never,
    undo: ({ callId }) => {
      calls.undone(callId, START);
      return Promise.resolve(plainOutcome("done", {}, "Took back notes.md"));
    },
  };
  const undo = new Undo({
    calls,
    tools: [tool],
    messages,
    broadcast: (frame) => void frames.push(frame),
    showTask: (id) => void shown.push(id),
  });
  await undo.undo("t:0.1");
  expect(shown).toEqual(["t"]);
  const marks = (view: { tool_calls: { undone?: true | undefined }[] } | null) => view?.tool_calls.map(({ undone }) => undone);
  expect(marks(messages.get("answer"))).toEqual([undefined, true]);
  expect(frames.map((frame) => (frame.type === "message" ? marks(frame.message) : frame.type))).toEqual([[undefined, true]]);
});
