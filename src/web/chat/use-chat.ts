import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useState, useSyncExternalStore } from "react";
import type { MessagePage } from "../../agent/shapes.ts";
import { fetchApproval, fetchOpen, postAnswer } from "../api/approvals.ts";
import { get, withQuery } from "../api/client.ts";
import { takeDocument } from "../api/knowledge.ts";
import { takePlan } from "../api/plans.ts";
import { takeTask } from "../api/tasks.ts";
import { takeFiles } from "../api/workspace.ts";
import { browserTimeZone } from "../lib/time.ts";
import { isWaiting } from "./approval-state.ts";
import { openWebSocket } from "./chat-socket.ts";
import { ChatSession } from "./chat-session.ts";
import type { ChatState } from "./chat-state.ts";
import { keepUnsent, restoreUnsent } from "./unsent.ts";

export const ChatContext = createContext<ChatSession | null>(null);

/** The address of the chat's connection, on whatever origin the page came from. */
export const streamUrl = (location: { protocol: string; host: string }): string =>
  `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/chat/stream`;

/** Makes the conversation of one user and keeps it connected while the page is open, whichever part of the page is shown. */
export function useChatSession(userId: string): ChatSession {
  const queries = useQueryClient();
  const [session] = useState(
    () =>
      new ChatSession({
        openSocket: (handlers) => openWebSocket(streamUrl(window.location), handlers),
        fetchPage: (query) => get<MessagePage>(withQuery("/api/v1/messages", { before: query.before, limit: query.limit })),
        fetchOpen,
        fetchApproval,
        postAnswer,
        newId: () => crypto.randomUUID(),
        now: () => Date.now(),
        random: () => Math.random(),
        timeZone: browserTimeZone,
        setTimer: (work, ms) => window.setTimeout(work, ms),
        clearTimer: (timer) => {
          if (typeof timer === "number") window.clearTimeout(timer);
        },
        keep: (pending) => keepUnsent(userId, pending),
        restore: () => restoreUnsent(userId),
        onRefused: () => void queries.invalidateQueries({ queryKey: ["me"] }),
        onTurnEnd: () => {
          for (const name of ["todos", "stats", "undo", "audit", "memory", "schedules", "listeners", "playbooks"])
            void queries.invalidateQueries({ queryKey: [name] });
        },
        onApproval: () => {
          for (const name of ["approvals", "grants", "settings", "versions", "undo", "audit", "todos"])
            void queries.invalidateQueries({ queryKey: [name] });
        },
        onDocument: (document) => takeDocument(queries, document),
        onTask: (task) => takeTask(queries, task),
        onPlan: (plan) => takePlan(queries, plan),
        onFiles: (files) => takeFiles(queries, files),
      }),
  );
  useEffect(() => {
    session.start();
    const hurry = () => {
      if (document.visibilityState === "visible") session.hurry();
    };
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    return () => {
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
      session.stop();
    };
  }, [session]);
  return session;
}

export function useSession(): ChatSession {
  const session = use(ChatContext);
  if (session === null) throw new Error("The conversation is used outside of the signed-in page.");
  return session;
}

/** Reads the conversation anew, after words were taken out of it elsewhere. Where that fails it is read when it is looked at. */
export function useRereadChat(): () => void {
  const session = useSession();
  return () => {
    session.reload().catch(() => {});
  };
}

/** How many approvals wait. Draws nothing anew while a reply streams. */
export function useWaitingCount(session: ChatSession): number {
  return useSyncExternalStore(session.subscribe, () => session.getState().approvals.filter(isWaiting).length);
}

/** The conversation, for any component below the shell. */
export function useChat(): { session: ChatSession; state: ChatState } {
  const session = useSession();
  const state = useSyncExternalStore(session.subscribe, session.getState);
  return { session, state };
}
