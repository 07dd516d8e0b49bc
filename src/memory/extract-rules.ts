import { attributeOf } from "./attributes.ts";
import type { Extractor, Found } from "./extraction.ts";
import { sentencesIn } from "./quote-of.ts";

/** What is not said of the user as it is: questions, conditions, wishes, what others said. */
const NOT_SO =
  /\?\s*$|^(?:if|when|unless|suppose|imagine|pretend|let's say|would|could|should|maybe|perhaps|what|who|where|how|is|are|do|does|did|can)\b|["“«]|\b(?:i wish|i would|i'd like to|i want to|as if|hypothetically|for example|used to)\b/iu;
/** Standing wishes for how the agent is to be. */
const STANDING = /^(?:please )?(?:from now on|in (?:the )?future),? (.{5,160})$|^(?:please )?((?:always|never) .{5,160})$/iu;
/** Pieces of one sentence that are statements of their own. */
const CLAUSE = /,? (?:and|but) (?=(?:i|my|i'm|i've)\b)|; /iu;

/** The plain cases, without a model: sentences of the user that give one of their attributes a value, and what they always or never want. */
export const extractByRules: Extractor = async ({ messages }) => {
  const found: Found[] = [];
  for (const { role, text, createdAt } of messages) {
    if (role !== "user" || text.length > 4_000) continue;
    for (const sentence of sentencesIn(text).slice(0, 40)) {
      if (sentence.length > 300 || NOT_SO.test(sentence)) continue;
      for (const clause of sentence.split(CLAUSE)) {
        const quote = clause.trim();
        const attribute = attributeOf(quote);
        const said = { quote, confidence: 0.8, expiresAt: null };
        if (attribute) {
          found.push({
            op: "add",
            ...said,
            kind: attribute.kind,
            text: attribute.text,
            aboutAt: attribute.slot === "home" || attribute.slot === "employer" ? createdAt : null,
          });
          continue;
        }
        const standing = STANDING.exec(quote.replace(/[.!\s]+$/u, ""));
        const wish = standing?.[1] ?? standing?.[2];
        if (wish !== undefined) found.push({ op: "add", ...said, kind: "profile", text: capital(wish.trim()), aboutAt: null });
      }
    }
  }
  return found;
};

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
