/** Whose session a call uses: its task's, where a task asks, else its conversation's, else that of its turn alone. Ids of calls begin with the task's or turn's. */
export function sessionName(callId: string, conversationId: string | null, isTask: (id: string) => boolean): string {
  const asker = callId.split(":", 1)[0] ?? callId;
  if (isTask(asker)) return `task:${asker}`;
  return conversationId === null ? `turn:${asker}` : `conversation:${conversationId}`;
}

/** The id of the task, conversation or turn that a session is of. */
export const userOfSession = (name: string): string => name.slice(name.indexOf(":") + 1);

/** The task that a session is of; null: it is none's. */
export const taskOfSession = (name: string): string | null => (name.startsWith("task:") ? name.slice("task:".length) : null);
