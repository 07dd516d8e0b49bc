/** Whether JSON is nested deeper than `limit`. Looks no deeper than that, so hostile nesting cannot exhaust the stack. */
export function deeperThan(value: unknown, limit: number): boolean {
  if (value === null || typeof value !== "object") return false;
  if (limit === 0) return true;
  return Object.values(value).some((item) => deeperThan(item, limit - 1));
}
