import { MargayError } from "../errors.ts";
import { PlaybookName, StepName } from "./shapes.ts";

/** A playbook and what is put into its blanks, as a person writes it: `research-brief topic="electric boats" question=prices`. */
export interface PlaybookCall {
  name: string;
  variables: Record<string, string>;
}

const PAIR = /([a-z][a-z0-9_]{0,39})\s*=\s*(?:"([^"]*)"|“([^”]*)”|'([^']*)'|(\S+))/giu;

/** Throws `invalid_request` with a sentence that shows how it is written. */
export function readPlaybookCall(text: string): PlaybookCall {
  const [, named = "", rest = ""] = /^\s*(?:(?:run|the)\s+)*(?:playbook\s+)?([^\s:,]+)[:,]?\s*([\s\S]*)$/iu.exec(text) ?? [];
  const name = PlaybookName.safeParse(named.toLowerCase());
  if (!name.success) throw new MargayError("invalid_request", `Say the playbook's name, then its variables. ${EXAMPLE}`);
  const pairs = [...rest.matchAll(PAIR)];
  const left = rest
    .replaceAll(PAIR, "")
    .replaceAll(/[\s,;]+/gu, " ")
    .trim();
  if (left !== "")
    throw new MargayError("invalid_request", `I do not understand “${left.slice(0, 100)}”: write each variable as name=value. ${EXAMPLE}`);
  const variables: Record<string, string> = {};
  for (const [, variable = "", quoted, typographic, single, plain] of pairs) {
    const key = StepName.safeParse(variable.toLowerCase());
    if (key.success) variables[key.data] = (quoted ?? typographic ?? single ?? plain ?? "").slice(0, 2_000);
  }
  return { name: name.data, variables };
}

const EXAMPLE = 'For example: research-brief topic="electric boats"';

/** The same the other way round, for a person: one line. */
export const playbookWords = ({ name, variables }: PlaybookCall): string =>
  [`Playbook ${name}`, ...Object.entries(variables).map(([variable, text]) => `${variable}=${JSON.stringify(text)}`)].join(" ");
