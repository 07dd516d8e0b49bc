import type { ContextRecord } from "../db/object/context-records.ts";
import { MargayError } from "../errors.ts";
import type { ContextSource, ContextView } from "./context-shapes.ts";

export interface ContextViewDeps {
  record(turnId: string): ContextRecord | null;
  /** The turn that a message belongs to; null: it is no message's id, or of none. */
  turnOf(messageId: string): string | null;
  /** What a memory, a piece of a document or a message is called now; null: it is not there any more. */
  memory(id: string): string | null;
  citation(id: string): string | null;
  message(id: string): string | null;
}

/** Characters of a label. */
const LABEL = 160;
const GONE = "Not there any more";

/**
 * What the answer with this message id, or this turn, was made from. Labels are looked up now: what was forgotten since has none. Throws `not_found` where nothing is recorded, as for
 * commands and for answers older than 90 days.
 */
export function contextOf(id: string, deps: ContextViewDeps): ContextView {
  const record = deps.record(deps.turnOf(id) ?? id);
  if (!record) throw new MargayError("not_found", "What this answer was made from is not recorded.");
  const labels: Partial<Record<string, (sourceId: string) => string | null>> = {
    profile: deps.memory,
    memory: deps.memory,
    knowledge: deps.citation,
    archive: deps.message,
  };
  const parts = record.parts.map(({ sources, ...part }) => ({
    ...part,
    sources: sources.map(({ id: sourceId, why, tainted, label }): ContextSource => {
      const found = label ?? (sourceId === null ? null : (labels[part.part]?.(sourceId) ?? null));
      const text = found ?? GONE;
      return { id: found === null ? null : sourceId, label: text.length > LABEL ? `${text.slice(0, LABEL)}…` : text, why, tainted };
    }),
  }));
  return {
    turn_id: record.turnId,
    at: record.at,
    tokens: parts.reduce((sum, { tokens }) => sum + tokens, 0),
    parts,
    tainted: record.tainted,
  };
}
