import type { Variable } from "../api/playbooks.ts";

/** A variable while it is typed. */
export interface TypedVariable {
  name: string;
  description: string;
  usual: string;
  /** It has to be filled in each time. */
  needed: boolean;
}

export const typedVariable = ({ name, description, default: usual }: Variable): TypedVariable => ({
  name,
  description,
  usual: usual ?? "",
  needed: usual === null,
});

export const variableOf = ({ name, description, usual, needed }: TypedVariable): Variable => ({
  name: name.trim(),
  description: description.trim(),
  default: needed ? null : usual.trim(),
});

/** A variable as its entry is labelled: `first_city` as `First city`. */
export function variableTitle(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export type Values = Readonly<Record<string, string>>;

/** What is sent: without what was left empty and has a value anyway, and without what the playbook does not know any more. */
export const givenValues = (variables: readonly Variable[], values: Values): Record<string, string> =>
  Object.fromEntries(
    variables.flatMap(({ name, default: usual }) => {
      const value = (values[name] ?? usual ?? "").trim();
      return value === "" || value === usual ? [] : [[name, value]];
    }),
  );

/** Titles of what has to be filled in and is not. */
export const missingValues = (variables: readonly Variable[], values: Values): string[] =>
  variables
    .filter(({ name, default: usual }) => usual === null && (values[name] ?? "").trim() === "")
    .map(({ name }) => variableTitle(name));
