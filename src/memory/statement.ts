import { analyze, fold } from "./analyze.ts";
import { attributeOf } from "./attributes.ts";

/** Stems that a statement about the user may have or not without saying anything else. */
const FILLERS = new Set("user current now actual still realli pleas quit longer anymor over than rather".split(" "));
const NEGATION = /(?<![\w@.])(?:not|no|never|without|cannot|dont|doesnt|isnt|arent|wasnt|cant|wont|didnt|\w+n['’]t)(?![\w@.])/giu;
/** What is compared whole: an address has parts that mean nothing alone. */
const ADDRESS = /\S+@\S+|\w+:\/\/\S+/gu;

export interface Statement {
  /** Equal for what says the same: the stems in their order (who likes whom matters), with whether it is denied. */
  key: string;
  /** The key of what says the opposite. */
  opposite: string;
  /** The attribute of the user that it gives a value to, such as `home`; null: none of the plain ones. */
  slot: string | null;
}

/** What a memory says, as memories are compared. */
export function statementOf(text: string): Statement {
  const attribute = attributeOf(text);
  const plain = attribute?.text ?? text;
  const addresses = [...plain.matchAll(ADDRESS)].map(([address]) => fold(address).replace(/[.,;:!?)]+$/u, ""));
  const stems = [...analyze(plain.replaceAll(ADDRESS, " ")).filter((stem) => !FILLERS.has(stem)), ...addresses];
  // Of a text that has no words (a formula, an emoji) its characters say what it is.
  const body = stems.length > 0 ? stems.join(" ") : `=${fold(plain).replaceAll(/\s+/gu, " ").trim()}`;
  const denied = (plain.replaceAll(ADDRESS, " ").match(NEGATION)?.length ?? 0) % 2 === 1;
  return { key: denied ? `!${body}` : body, opposite: denied ? body : `!${body}`, slot: denied ? null : (attribute?.slot ?? null) };
}
