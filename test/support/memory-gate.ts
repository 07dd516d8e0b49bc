import { createHash } from "node:crypto";
import type { Policy } from "../../src/permission/decide.ts";
import type { Grant } from "../../src/permission/grant.ts";
import { UserWord } from "../../src/permission/user-word.ts";
import type { ApprovedCall, ToolCall } from "../../src/tools/compiled-tool.ts";
import type { CallEnd, CallRecord, GateDeps, GateEvent, ParkRequest, RecordedCall, ToolCallLog } from "../../src/tools/gate-deps.ts";

export type Row = Omit<CallRecord, "state"> & Partial<Omit<CallEnd, "state">> & { state: RecordedCall["state"]; undoneAt?: number };

/** The record of calls, in memory. */
export function memoryLog(): ToolCallLog & { rows: Map<string, Row> } {
  const rows = new Map<string, Row>();
  const row = (id: string): Row => {
    const found = rows.get(id);
    if (!found) throw new Error(`no call ${id}`);
    return found;
  };
  return {
    rows,
    get(id) {
      const found = rows.get(id);
      if (!found) return null;
      const { output = null, summary = null, untrusted = null, links = [], approvalId, state } = found;
      return { state, output, summary, untrusted, links, approvalId };
    },
    begin: (begun) => void rows.set(begun.id, { ...begun }),
    keep: (id, receipt, endedAt) => void Object.assign(row(id), { receipt, endedAt }),
    resume: (id) => void Object.assign(row(id), { state: "executing" }),
    end: (id, end) => void Object.assign(row(id), end, { receipt: end.receipt ?? row(id).receipt ?? null }),
    madeBy: (id) => [...rows.values()].filter((one) => one.id.startsWith(`${id}.`) && ["done", "failed"].includes(one.state)).length,
    countSince: (tool, since) => [...rows.values()].filter((one) => (tool === null || one.tool === tool) && one.startedAt > since).length,
    undone: (id, at) => void Object.assign(row(id), { undoneAt: at }),
  };
}

/** The gate's surroundings in memory, with everything that it told them. */
export function memoryGate<Stores>(stores: Stores, change: Partial<GateDeps<Stores>> = {}) {
  const log = memoryLog();
  const clock = { now: 1_000_000 };
  const events: GateEvent[] = [];
  const parked: ParkRequest[] = [];
  const used: string[] = [];
  const state: { granted: string[]; grants: Grant[]; policies: Record<string, Policy> } = { granted: [], grants: [], policies: {} };
  const deps: GateDeps<Stores> = {
    userId: "u1",
    granted: () => state.granted,
    grants: () => state.grants,
    policy: (tool) => state.policies[tool] ?? null,
    usedGrant: (id) => void used.push(id),
    log,
    park(request) {
      parked.push(request);
      return `a${parked.length}`;
    },
    audit: (event) => void events.push(event),
    transaction: (work) => work(),
    hash: (text) => createHash("sha256").update(text).digest("hex"),
    scrub: async (texts) => texts.map((text) => text.replaceAll("s3cret-value", "[secret taken out]")),
    stores,
    now: () => clock.now,
    timeZone: () => "UTC",
    ...change,
  };
  return { deps, log, clock, events, parked, used, state };
}

/** A call of the coordinator in a clean turn that somebody waits for. */
export const aCall = (change: Partial<ToolCall> = {}): ToolCall => ({
  id: "c1",
  turnId: "t1",
  taskId: "t1",
  conversationId: "conversation",
  input: {},
  origin: "attended",
  tainted: false,
  suspicious: false,
  provenance: { word: new UserWord([]), given: new Set() },
  profile: null,
  saidAt: 1_000_000,
  signal: new AbortController().signal,
  ...change,
});

/** A parked call that was approved. */
export const approvedOf = (request: ParkRequest, change: Partial<ApprovedCall> = {}): ApprovedCall => ({
  approvalId: "a1",
  callId: request.call.id,
  turnId: request.call.turnId,
  conversationId: request.call.conversationId,
  tool: request.tool,
  version: request.version,
  input: request.input,
  inputHash: request.inputHash,
  userId: "u1",
  tainted: request.call.tainted,
  profile: request.call.profile,
  saidAt: request.call.saidAt,
  signal: new AbortController().signal,
  ...change,
});
