import { sessionName } from "../sandbox/linux/session-name.ts";

interface Asked {
  tool: string;
  callId: string;
  conversationId: string | null;
}

/** Whether a person is asked about a call of this session's browser. */
export const isAskedAbout = (session: string, asked: readonly Asked[], isTask: (id: string) => boolean): boolean =>
  asked.some(({ tool, callId, conversationId }) => tool.startsWith("browser_") && sessionName(callId, conversationId, isTask) === session);
