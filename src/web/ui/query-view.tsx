import { Alert, Button, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { sayError } from "../api/api-error.ts";

/** The part of a query that is looked at; one of pages fits as well. */
interface Readable<T> {
  data: T | undefined;
  isError: boolean;
  error: unknown;
  refetch(): Promise<unknown>;
}

/** What a query has: a placeholder while it loads, a sentence and a way to try again when it fails, else its data. */
export function QueryView<T>({ query, lines = 3, children }: { query: Readable<T>; lines?: number; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return (
      <Alert color="red" variant="light" title="This could not be loaded">
        <p>{sayError(query.error)}</p>
        <Button size="xs" variant="default" onClick={() => void query.refetch()}>
          Try again
        </Button>
      </Alert>
    );
  }
  return (
    <div className="stack" aria-busy="true" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={44} radius="md" />
      ))}
    </div>
  );
}
