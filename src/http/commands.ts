import { z } from "zod";
import { commands } from "../commands/registry.ts";
import { defineRoute, type Route } from "./route.ts";

export const commandsRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/commands",
    who: "user",
    tag: "Chat",
    summary: "The `/` commands that every channel understands",
    responses: {
      200: {
        description: "In the order in which help lists them.",
        schema: z.object({ commands: z.array(z.object({ name: z.string(), description: z.string(), usage: z.string() })) }),
      },
    },
    handle: () => ({ commands: commands.map(({ name, description, usage }) => ({ name, description, usage })) }),
  }),
];
