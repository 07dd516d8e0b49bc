import { useQuery } from "@tanstack/react-query";
import type { HeartbeatLook, HeartbeatSettings, HeartbeatStatus } from "../../heartbeat/shapes.ts";
import { get } from "./client.ts";

export type { HeartbeatLook, HeartbeatSettings, HeartbeatStatus };

/** While the page is looked at, the looks are read again this often, milliseconds. */
const WATCH_EVERY = 30_000;

export const useHeartbeat = () =>
  useQuery({
    queryKey: ["heartbeat"],
    queryFn: ({ signal }) => get<HeartbeatStatus>("/api/v1/heartbeat", signal),
    refetchInterval: WATCH_EVERY,
  });
