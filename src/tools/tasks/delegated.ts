import type { ReplyTarget } from "../../channels/message.ts";
import { MargayError, withNext } from "../../errors.ts";
import { MAX_CHAIN } from "../../tasks/chain-depth.ts";
import type { Profiles } from "../../tasks/profiles.ts";
import { ProfileInput, ProfilePatch, type ProfileView } from "../../tasks/shapes.ts";
import type { Tasks } from "../../tasks/tasks.ts";
import type { TaskPort } from "./task-port.ts";

export interface DelegatedDeps {
  tasks: Tasks;
  profiles: Profiles;
  /** Where a turn came from, the turn that the user began, and its conversation. */
  turn(turnId: string): { replyTo: ReplyTarget; taskId: string | null; conversationId: string | null };
  /** How many tasks led to a turn by themselves. */
  depth(turnId: string): number;
}

const USUAL = "research";

/** The user's tasks for tools: what the coordinator gives away is its own words, and its result goes back to where the user asked. */
export function delegated({ tasks, profiles, turn, depth }: DelegatedDeps): TaskPort {
  const own = (name: string): ProfileView | null => profiles.list().profiles.find((one) => one.name === name && !one.built_in) ?? null;
  return {
    delegate({ key, task, profile, title, tainted, conversationId }) {
      const turnId = key.slice(0, key.lastIndexOf(":"));
      if (depth(turnId) > MAX_CHAIN)
        throw new MargayError(
          "forbidden",
          "This was begun by a task in the background already.",
          withNext("Tell the user, and let them decide."),
        );
      const from = turn(turnId);
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
    profile: (name) => own(name),
    saveProfile(input) {
      const { name, ...patch } = input;
      const before = own(name);
      return {
        profile: before === null ? profiles.add(ProfileInput.parse(input)) : profiles.update(name, ProfilePatch.parse(patch)),
        before,
      };
    },
    deleteProfile: (name) => profiles.delete(name),
  };
}
