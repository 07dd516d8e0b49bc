import { useQuery } from "@tanstack/react-query";
import type { CommandInfo } from "../chat/command-completion.ts";
import { get } from "./client.ts";

/** The `/` commands; they change only with a deployment. */
export const useCommands = () =>
  useQuery({
    queryKey: ["commands"],
    queryFn: async () => (await get<{ commands: CommandInfo[] }>("/api/v1/commands")).commands,
    staleTime: Number.POSITIVE_INFINITY,
  });
