import { useQuery } from "@tanstack/react-query";
import type { ContextPart, ContextSource, ContextView } from "../../agent/context-shapes.ts";
import { get } from "./client.ts";

export type { ContextPart, ContextSource, ContextView };

/** What an answer was made from. It never changes once the answer is there. */
export const useContextOf = (messageId: string) =>
  useQuery({
    queryKey: ["context", messageId],
    queryFn: ({ signal }) => get<ContextView>(`/api/v1/context/${encodeURIComponent(messageId)}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
