/** What may begin something by itself, as the inbox names it. How an approval ended is none: it goes on with what somebody asked for. */
export const OCCASION_ROUTES = ["schedule", "task", "plan", "event", "heartbeat"] as const;
export type OccasionRoute = (typeof OCCASION_ROUTES)[number];

const ROUTES: ReadonlySet<string> = new Set(OCCASION_ROUTES);
export const isOccasion = (route: string): boolean => ROUTES.has(route);
