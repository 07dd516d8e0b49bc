import type { ReplyTarget } from "../../channels/message.ts";
import type { Tasks } from "../../tasks/tasks.ts";
import type { TaskPort } from "./task-port.ts";

export interface DelegatedDeps {
  tasks: Tasks;
  /** Where a turn came from, the turn that the user began, and its conversation. */
  turn(turnId: string): { replyTo: ReplyTarget; taskId: string | null; conversationId: string | null };
}

const USUAL = "research";

/** The user's tasks for tools: what the coordinator gives away is its own words, and its result goes back to where the user asked. */
export function delegated({ tasks, turn }: DelegatedDeps): TaskPort {
  return {
    delegate({ key, task, profile, title, tainted, conversationId }) {
      const from = turn(key.slice(0, key.lastIndexOf(":")));
      return tasks.start(
        {
          key,
          input: task,
          profile: profile ?? USUAL,
          tier: null,
          content: [],
          word: false,
          tainted,
          origin: "agent",
          replyTo: from.replyTo,
          taskId: from.taskId,
          conversationId: conversationId ?? from.conversationId,
        },
        { title: title ?? undefined },
      );
    },
    recent: (limit) => tasks.list({ status: "all", limit }).tasks,
    numbered: (number) => tasks.numbered(number),
    cancel: (id) => tasks.cancel(id),
    again: (id) => tasks.again(id),
  };
}
