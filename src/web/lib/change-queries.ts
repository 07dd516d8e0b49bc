import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Changes what is known of all queries whose key begins so; `change` gives undefined where there is nothing to change. What has to be read anew still has: data that is set counts as read
 * just now otherwise, and a list that something was moved into would stay as it is.
 */
export function changeQueries<T>(queries: QueryClient, key: QueryKey, change: (known: T | undefined) => T | undefined): void {
  for (const query of queries.getQueryCache().findAll({ queryKey: key })) {
    const { isInvalidated } = query.state;
    queries.setQueryData<T>(query.queryKey, change);
    if (isInvalidated) query.invalidate();
  }
}
