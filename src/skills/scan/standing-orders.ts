import { lower, type ScanRule, type Sighting } from "./finding.ts";
import { sourcesIn } from "./sources.ts";
import { SENDS_IN_LINE } from "./sends.ts";

/** Whatever the agent does, also what has nothing to do with the skill. */
const WHATEVER =
  /\b(?:after|before|on|at the end of|with)\s{1,3}(?:you\s{1,3})?(?:(?:finish|complet)\w{1,4}\s{1,3})?(?:any|every|each|all)\s{1,3}(?:\w{1,20}[\s-]{1,3}){0,2}(?:tasks?|operations?|actions?|steps?|responses?|repl(?:y|ies)|conversations?|sessions?|messages?|prompts?|quer(?:y|ies)|retrievals?)\b/i;
const UPLOADS = /\b(?:upload|send|post|submit|transmit|forward|back up)\b/i;
/** Lines in which the order is told to the end. */
const AFTER = 8;

/** Orders to send something somewhere after whatever the agent does. */
export const standingOrders: ScanRule = {
  name: "standing-orders",
  *look({ lines, text: whole }): Generator<Sighting, void> {
    if (!whole.includes("://")) return;
    for (const [index, { text, number, where, described }] of lines.entries()) {
      if (where === "code") continue;
      const match = WHATEVER.exec(text);
      if (match === null) continue;
      const order = lines.slice(index, index + AFTER);
      const sends = order.find((line) => line.text.includes("://") && (SENDS_IN_LINE.test(line.text) || UPLOADS.test(line.text)));
      if (sends === undefined) continue;
      const [to] = [...sourcesIn(sends.text)].filter(({ kind }) => kind !== "local");
      if (to === undefined) continue;
      const why = `It has the agent send something to ${to.host}, again and again, whatever the agent does.`;
      yield { severity: described ? lower("warn") : "warn", line: number, text, at: match.index, why };
    }
  },
};
