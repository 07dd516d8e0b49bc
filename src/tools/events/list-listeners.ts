import { z } from "zod";
import { listenerTool, marked, view } from "./listener-tool.ts";

const LIMIT = 50;

export const listListeners = listenerTool({
  name: "list_listeners",
  version: 1,
  description: "List what the user has you listen to",
  input: z.object({}),
  effect: () => "read",
  describe: () => "Read your listeners",
  async execute(_input, { stores }) {
    const all = stores.listeners.list();
    const shown = all.slice(0, LIMIT);
    return {
      output: { listeners: shown.map(view), ...(all.length > shown.length ? { not_shown: all.length - shown.length } : {}) },
      summary: shown.length === 1 ? "Read 1 listener" : `Read ${shown.length} listeners`,
      ...marked(...shown),
    };
  },
});
