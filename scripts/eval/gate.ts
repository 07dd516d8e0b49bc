import { type Evaluation, readCase } from "./evaluation.ts";
import { GateCase } from "./gate/gate-case.ts";
import { runCase } from "./gate/run-case.ts";

/** What the agent does with tool calls: which run by themselves, which are asked about and how, which are refused. The coordinator, the gate and the tracking of taint are the product's own. */
export const gate: Evaluation = {
  name: "gate",
  description: "permission: { id, request, tools, grants?, calls } → { id, calls: [{ tool, input, outcome, reason, shown }], … }",
  async answer(line) {
    const read = readCase(line, GateCase);
    if ("error" in read) return read.error;
    try {
      return await runCase(read.case);
    } catch (error) {
      return { id: read.case.id, error: error instanceof Error ? error.message : "cannot be run" };
    }
  },
};
