import { bookUse, type Use } from "../models/book-use.ts";
import type { Budget } from "../models/budget.ts";

/** What a Dynamic Worker is called in the user's usage. */
const LOADED = "cloudflare/dynamic-worker";

/** Books loads of Dynamic Workers, those together that were made for the same. */
export const bookLoad = (budget: Pick<Budget, "settle">, load: Omit<Use, "model">): void => bookUse(budget, { ...load, model: LOADED });
