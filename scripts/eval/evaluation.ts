import type { z } from "zod";

/** One kind of evaluation. One file each, one line in the registry. */
export interface Evaluation {
  readonly name: string;
  readonly description: string;
  /** The same with options, as they stand on the command line (`--name value`, `--name=value`). Throws for one that it does not know. Absent: it takes none. */
  configure?(args: readonly string[]): Evaluation;
  /** Takes the command line behind its name instead of files of cases, and prints by itself. */
  run?(args: readonly string[]): Promise<void>;
  /** Answers one line. Never throws for what the line holds: a bad line is `{ id, error }`. */
  answer(line: string): Promise<unknown> | unknown;
}

/** Reads a line by its schema; the `id` is kept for the error when the rest is wrong. */
export function readCase<Schema extends z.ZodType>(
  line: string,
  schema: Schema,
): { case: z.output<Schema> } | { error: { id: unknown; error: string } } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { error: { id: null, error: "not JSON" } };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { case: parsed.data };
  const id: unknown = typeof value === "object" && value !== null && "id" in value ? value.id : null;
  const issue = parsed.error.issues[0];
  return { error: { id, error: `${issue?.path.join(".") || "line"}: ${issue?.message ?? "not valid"}` } };
}
