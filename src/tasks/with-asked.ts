import type { ToolOutcome } from "../tools/compiled-tool.ts";

const MAX_LINKS = 200;

/** A call that another made on its behalf, and that a person was asked about. */
export interface AskedCall {
  tool: string;
  /** Whether it is not over yet. */
  waits: boolean;
  state: string;
  output: unknown;
  untrusted: string | null;
  links: readonly string[];
}

/** A call that made others on its behalf is not over while a person is asked about one of them; then what became of those is part of what it answers. */
export function withAsked(outcome: ToolOutcome, asked: readonly AskedCall[]): ToolOutcome {
  if (outcome.status !== "done" || asked.length === 0) return outcome;
  if (asked.some(({ waits }) => waits)) return { ...outcome, status: "waiting" };
  const became = asked.map(({ tool, state, output }) => ({ tool, status: state, output }));
  return {
    ...outcome,
    output: { ...Object(outcome.output), what_became_of_what_waited: became },
    untrusted: outcome.untrusted ?? asked.find(({ untrusted }) => untrusted !== null)?.untrusted ?? null,
    links: [...outcome.links, ...asked.flatMap(({ links }) => links)].slice(0, MAX_LINKS),
  };
}
