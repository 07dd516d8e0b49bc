import type { Route } from "./route.ts";
import { botRoutes } from "./telegram/bot-routes.ts";
import { pairRoutes } from "./telegram/pair-routes.ts";
import { webhookRoute } from "./telegram/webhook.ts";

/** Telegram: the webhook, pairing, bots. */
export const telegramRoutes: Route[] = [webhookRoute, ...botRoutes, ...pairRoutes];
