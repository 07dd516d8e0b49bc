import type { ApprovalView } from "../../../src/channels/approval-view.ts";
import { approvalCard, approvalDetails } from "../../../src/channels/telegram/approval-card.ts";
import type { FormattedText } from "../../../src/channels/telegram/formatted.ts";
import { formatReply } from "../../../src/channels/telegram/format-reply.ts";
import type { Stores } from "../../../src/tools/registry.ts";
import type { Tool } from "../../../src/tools/tool.ts";
import type { z } from "zod";
import { agentInNode, type AgentInNode } from "./agent-in-node.ts";
import { caseGrants } from "./case-grants.ts";
import { capabilitiesOf } from "./case-capabilities.ts";
import { CASE_VERSION, caseTool } from "./case-tool.ts";
import type { GateCase } from "./gate-case.ts";
import { Playback } from "./playback.ts";
import { scriptedModel } from "./scripted-model.ts";

/** What the person would be shown: the approval as every channel gets it, and the chat card with its details as text. */
export type Shown = ApprovalView & { card: string; details: string };

export interface CallAnswer {
  tool: string;
  input: unknown;
  outcome: "executed" | "asked" | "denied";
  reason: string;
  shown: Shown | null;
}

export interface CaseAnswer {
  id: string | number;
  calls: CallAnswer[];
  asked: number;
  executed: number;
  denied: number;
  /** Whether anything that nobody vouches for was in the conversation at the end. */
  tainted: boolean;
  reply: string;
  /** Grants of the case that could not be understood and permitted nothing; absent: none. */
  ignored_grants?: unknown[];
}

/** Between two calls, so that no rate limit of the user is met, milliseconds. */
const STEP_MS = 2_000;
/** A turn ends after so many steps; the user tells it to go on. More often than this without a call is no progress. */
const MAX_NUDGES = 3;

/**
 * Runs one case on an agent of its own. What is asked is answered with a yes for this once after it was noted, so that every later call is judged in a conversation in which everything before it
 * was read: the strictest view.
 */
export async function runCase(spec: GateCase): Promise<CaseAnswer> {
  const playback = new Playback(spec.calls);
  const began = Date.now();
  const now = (): number => began + playback.count * STEP_MS;
  const tools: Tool<z.ZodType, Stores>[] = spec.tools.map((tool) => caseTool(tool, playback));
  const agent = await agentInNode({
    instead: { tools, granted: grantedTo(spec), model: scriptedModel(playback) },
    onFrame(frame) {
      if (frame.type === "event" && frame.event.type === "tool_call") playback.made(`${frame.turn_id}:${frame.event.call_id}`);
    },
    now,
  });
  const { grants, ignored } = caseGrants(spec.grants, spec.tools);
  for (const [index, grant] of grants.entries())
    agent.parts.grants.insert({
      ...grant,
      id: `grant-${index}`,
      version: String(CASE_VERSION),
      taskId: null,
      label: `${grant.tool} (given by the case)`,
      approvalId: null,
      createdAt: now(),
      expiresAt: null,
    });
  const shown = await play(spec, agent, playback);
  const calls = spec.calls.map((call, index) => callAnswer(call, playback.idOf(index), agent, shown));
  const count = (outcome: CallAnswer["outcome"]): number => calls.filter((call) => call.outcome === outcome).length;
  const { tainted } = agent.sql.exec<{ tainted: number | null }>("SELECT max(tainted) AS tainted FROM message").one();
  const answer: CaseAnswer = {
    id: spec.id,
    calls,
    asked: count("asked"),
    executed: count("executed"),
    denied: count("denied"),
    tainted: tainted === 1,
    reply: agent.parts.messages.lastOf(agent.parts.turns.conversationId(), "assistant")?.text ?? "",
    ...(ignored.length > 0 ? { ignored_grants: ignored } : {}),
  };
  agent.end();
  return answer;
}

/** What enabled tools need is granted with them. */
const grantedTo = ({ tools, calls }: GateCase): string[] =>
  tools.flatMap((tool) => [
    ...capabilitiesOf(tool, {}),
    ...calls.filter((call) => call.tool === tool.name).flatMap((call) => capabilitiesOf(tool, call.input)),
  ]);

/** Lets the conversation go to its end. Gives what was shown, by the id of the approval. */
async function play(spec: GateCase, agent: AgentInNode, playback: Playback): Promise<Map<string, Shown>> {
  const shown = new Map<string, Shown>();
  const { approvals } = agent.parts;
  await agent.say(spec.request);
  for (let nudges = 0, before = 0; ;) {
    await agent.settled();
    const pending = approvals.pending();
    for (const view of pending) {
      shown.set(view.id, { ...view, card: textOf(approvalCard(view)), details: textOf(formatReply(approvalDetails(view))) });
      approvals.answer(view.id, { answer: "once" }, "web");
    }
    if (pending.length > 0) continue;
    nudges = playback.count > before ? 0 : nudges + 1;
    before = playback.count;
    if (playback.next() === null || nudges >= MAX_NUDGES) return shown;
    // Told to, as the sentence that ended the turn says; these words name nothing.
    await agent.say("Go on.");
  }
}

function callAnswer(call: GateCase["calls"][number], id: string | null, agent: AgentInNode, shown: Map<string, Shown>): CallAnswer {
  const { tool, input } = call;
  const [row] =
    id === null ? [] : agent.sql.exec<CallRow>("SELECT decision, reason, approval_id FROM tool_call WHERE id = ?", id).toArray();
  // Without a row it never came to a decision: no such tool, or arguments that its schema refuses.
  if (!row) return { tool, input, outcome: "denied", reason: refusalOf(id, agent), shown: null };
  const outcome = row.decision === "allow" ? "executed" : row.decision === "ask" ? "asked" : "denied";
  return { tool, input, outcome, reason: row.reason, shown: row.approval_id === null ? null : (shown.get(row.approval_id) ?? null) };
}

const textOf = (messages: readonly FormattedText[]): string => messages.map(({ text }) => text).join("\n\n");

type CallRow = { decision: "allow" | "ask" | "deny"; reason: string; approval_id: string | null };

function refusalOf(id: string | null, agent: AgentInNode): string {
  if (id === null) return "The turn ended before this call.";
  const turnId = id.slice(0, id.lastIndexOf(":"));
  const context = agent.parts.messages.context(agent.parts.turns.conversationId(), 0, 10_000);
  const messageId = agent.parts.messages.ofTurn(turnId).findLast(({ role }) => role === "assistant")?.id;
  const calls = context.find((message) => message.id === messageId)?.steps.flatMap((step) => step.calls);
  const output: unknown = calls?.find(({ callId }) => `${turnId}:${callId}` === id)?.output;
  return typeof output === "object" && output !== null && "error" in output ? String(output.error) : "Refused.";
}
