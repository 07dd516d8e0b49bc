import type { ToolCallView, TurnEnd, TurnEvent } from "../../channels/events.ts";

/**
 * Events of one attempt are numbered without holes from a multiple of this; a turn that was interrupted starts over with the
 * next multiple. So a first event is told from one in the middle, and a new attempt from a hole.
 */
export const ATTEMPT = 1_000_000;

/** `progress`: the last line that it printed while it ran; absent: none. */
export type LiveCall = ToolCallView & { step: number; progress?: string };

/** A turn as it is being watched. What came too early waits in `early`. */
export interface LiveTurn {
  id: string;
  /** The number of the event expected next; null: no first event was seen. */
  next: number | null;
  early: Record<number, TurnEvent>;
  steps: { step: number; model: string; text: string }[];
  tools: LiveCall[];
  notice: string | null;
  end: TurnEnd | null;
}

export const newTurn = (id: string): LiveTurn => ({ id, next: null, early: {}, steps: [], tools: [], notice: null, end: null });

/** The reply so far. */
export const textOf = (turn: LiveTurn): string =>
  turn.steps
    .map((step) => step.text)
    .filter((text) => text.trim() !== "")
    .join("\n\n");

export const modelOf = (turn: LiveTurn): string | null => turn.steps.at(-1)?.model ?? null;

/**
 * Takes one event with its number. An event seen before changes nothing; one from the future waits until those before it came
 * (ask for them: see {@link missingFrom}). The end of a turn holds the whole reply, so it is taken at once.
 */
export function takeEvent(turn: LiveTurn, seq: number, event: TurnEvent): LiveTurn {
  if (turn.end !== null || (turn.next !== null && seq < turn.next)) return turn;
  if (event.type === "end") return { ...apply(turn, event), next: seq + 1, early: {} };
  if (seq !== turn.next && seq % ATTEMPT !== 0) return { ...turn, early: { ...turn.early, [seq]: event } };
  let current = apply(turn, event);
  let next = seq + 1;
  for (let waiting = turn.early[next]; waiting !== undefined; waiting = turn.early[next]) {
    current = apply(current, waiting);
    next += 1;
  }
  const early = Object.fromEntries(Object.entries(turn.early).filter(([number]) => Number(number) > next));
  return { ...current, next, early };
}

/** The number from which events are missing (0: from the start), or null when none are. */
export const missingFrom = (turn: LiveTurn): number | null => (Object.keys(turn.early).length > 0 ? (turn.next ?? 0) : null);

function apply(turn: LiveTurn, event: TurnEvent): LiveTurn {
  switch (event.type) {
    case "step": {
      // A step number seen before: that attempt was interrupted and starts over.
      const steps = turn.steps.filter((step) => step.step !== event.step);
      const tools = turn.tools.filter((tool) => tool.step !== event.step || tool.status !== "running");
      return { ...turn, notice: null, tools, steps: [...steps, { step: event.step, model: event.model, text: "" }] };
    }
    case "text": {
      const known = turn.steps.some((step) => step.step === event.step);
      const steps = known ? turn.steps : [...turn.steps, { step: event.step, model: "", text: "" }];
      return { ...turn, steps: steps.map((step) => (step.step === event.step ? { ...step, text: step.text + event.delta } : step)) };
    }
    case "tool_call": {
      const call = {
        step: event.step,
        call_id: event.call_id,
        tool: event.tool,
        input: event.input,
        status: "running" as const,
        summary: "",
        approval_id: null,
      };
      const others = turn.tools.filter((tool) => tool.call_id !== event.call_id);
      return { ...turn, tools: [...others, call] };
    }
    case "tool_result":
      return {
        ...turn,
        tools: turn.tools.map((tool) =>
          tool.call_id === event.call_id ? { ...tool, status: event.status, summary: event.summary } : tool,
        ),
      };
    case "tool_progress":
      return {
        ...turn,
        tools: turn.tools.map((tool) => (tool.call_id === event.call_id ? { ...tool, progress: event.text } : tool)),
      };
    case "notice":
      return { ...turn, notice: event.message };
    case "end":
      return { ...turn, end: event, notice: null };
  }
}
