import type { ProfileInput, ProfilePatch, ProfileView, TaskView } from "../../tasks/shapes.ts";

export const TASKS_READ = "tasks.read";
export const TASKS_WRITE = "tasks.write";

/** What is to be done in the background, as the tool is told it. */
export interface Delegated {
  /** Stable for the call, across retries: the same again is the same task. It begins with the id of the turn that calls. */
  key: string;
  task: string;
  /** null: the usual one. */
  profile: string | null;
  title: string | null;
  /** Whether the call was written where content from outside was read. */
  tainted: boolean;
  conversationId: string | null;
}

/** The user's tasks in the background as tools see them. Refusals are thrown as `MargayError`. */
export interface TaskPort {
  delegate(wanted: Delegated): { id: string; number: number };
  /** Those that have not ended and the newest that have, newest first. */
  recent(limit: number): TaskView[];
  numbered(number: number): TaskView;
  cancel(id: string): TaskView;
  /** Begins one that was stopped anew, once. */
  again(id: string): { id: string; number: number };
  /** One of the user's own profiles; null: there is none of that name. */
  profile(name: string): ProfileView | null;
  /** Makes one, or changes the own one of that name; what is left out stays, or is as usual. */
  saveProfile(input: ProfilePatch & Pick<ProfileInput, "name" | "purpose" | "prompt" | "tools">): {
    profile: ProfileView;
    before: ProfileView | null;
  };
  deleteProfile(name: string): ProfileView;
}

/** What task tools get as stores. */
export interface TaskStores {
  tasks: TaskPort;
}
