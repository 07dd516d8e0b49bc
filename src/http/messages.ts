import { MessagePage, MessageQuery, MessageSearch } from "../agent/shapes.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";
import { withAgent } from "./with-agent.ts";

export const messagesRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/messages",
    who: "user",
    tag: "Chat",
    summary: "The conversation, a page at a time, newest page first",
    query: MessageQuery.omit({ search: true }).strict(),
    responses: {
      200: { description: "Oldest first within the page. Pass `next_before` as `before` for the page before.", schema: MessagePage },
    },
    handle: (context) => retrying(() => withAgent(context, (agent, caller) => agent.messages(caller, context.query))),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/messages/search",
    who: "user",
    tag: "Chat",
    // Not in the address of the page above: addresses end up in logs, words of a conversation must not.
    summary: "Find words in everything that was said",
    body: MessageSearch,
    responses: { 200: { description: "The best matches, oldest first.", schema: MessagePage } },
    handle: (context) => retrying(() => withAgent(context, (agent, caller) => agent.messages(caller, context.body))),
  }),
];
