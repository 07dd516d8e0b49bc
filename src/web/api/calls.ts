import { useQuery } from "@tanstack/react-query";
import type { CallOutput } from "../../channels/events.ts";
import { get } from "./client.ts";

/** What came of a call that is over, which does not change any more. */
export const useCallOutput = (id: string) =>
  useQuery({
    queryKey: ["call", id],
    queryFn: ({ signal }) => get<CallOutput>(`/api/v1/calls/${encodeURIComponent(id)}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
