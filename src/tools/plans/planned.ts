import type { ChannelId, ReplyTarget } from "../../channels/message.ts";
import { MargayError, withNext } from "../../errors.ts";
import type { Playbooks } from "../../plans/playbooks.ts";
import type { PlanBy, PlanOrigin, Plans } from "../../plans/plans.ts";
import type { PlanPort, SaidPlan } from "./plan-port.ts";

export interface PlannedDeps {
  plans: Plans;
  playbooks: Playbooks;
  /** Where a turn came from, whether it is a command that the user typed, the turn that they began, and its conversation. */
  turn(turnId: string): {
    replyTo: ReplyTarget;
    channel: ChannelId;
    typed: boolean;
    taskId: string | null;
    conversationId: string | null;
  };
}

/** Plans for tools: what a command makes is the user's own, what a model writes is the agent's. */
export function planned({ plans, playbooks, turn }: PlannedDeps): PlanPort {
  const turnOf = ({ key }: SaidPlan) => turn(turnIdOf(key));
  const by = (said: SaidPlan): PlanBy => {
    const { channel, typed } = turnOf(said);
    return { author: typed ? "user" : "agent", channel, tainted: said.tainted };
  };
  const from = (said: SaidPlan): PlanOrigin => {
    const { replyTo, typed, taskId, conversationId } = turnOf(said);
    return {
      key: said.key,
      bodyHash: null,
      origin: typed ? "user" : "agent",
      replyTo,
      taskId,
      conversationId: said.conversationId ?? conversationId,
    };
  };
  /** A plan begins because somebody who is there wants it: what began by itself could begin itself again for ever. */
  const begun = <T>(said: SaidPlan, work: (by: PlanBy) => T): T => {
    const who = by(said);
    if (who.author === "agent" && who.channel === "agent")
      throw new MargayError("forbidden", "Nobody is here who asked for that.", withNext("Tell the user, and let them start it."));
    return work(who);
  };
  return {
    propose: (draft, said) => plans.propose(draft, from(said), by(said)),
    recent: (limit) => plans.list({ status: "all", limit }).plans,
    numbered: (number) => plans.numbered(number),
    find: (number) => plans.findNumbered(number),
    playbooks: () => playbooks.list(),
    change: (id, step, patch, said) => plans.change(id, step, patch, by(said)),
    run: (id, approveRest, said) => begun(said, (who) => plans.run(id, approveRest, who)),
    cancel: (id, said) => plans.cancel(id, by(said)),
    retry: (id, said) => begun(said, (who) => plans.retry(id, who)),
    delete: (id, said) => plans.delete(id, by(said)),
    runPlaybook: (name, variables, said) => begun(said, (who) => playbooks.run({ ...from(said), name, variables, data: {} }, who)),
    save: (playbook, said) => playbooks.fromPlan(playbook, by(said)),
    deletePlaybook: (name, said) => playbooks.delete(name, by(said)),
  };
}

/** The id of a call begins with its turn's. */
const turnIdOf = (key: string): string => key.split(":")[0] ?? "";
