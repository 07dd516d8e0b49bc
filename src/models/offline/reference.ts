import type { Reference } from "./request.ts";

const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
const NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const NOUN = "(?:one|task|to-?do|item|thing|entry)s?";

function positionOf(word: string): number | null {
  const text = word.trim().toLowerCase();
  if (new RegExp(`^(?:the )?last(?: ${NOUN})?$`).test(text)) return -1;
  const digits = new RegExp(`^(?:the )?(?:(?:number|no\\.?|task|item|to-?do)\\s*)?#?(\\d{1,4})(?:st|nd|rd|th)?\\.?(?: ${NOUN})?$`).exec(
    text,
  );
  if (digits) return Number(digits[1]);
  const ordinal = new RegExp(`^(?:the )?(\\w+)(?: ${NOUN})?$`).exec(text)?.[1] ?? "";
  const index = ORDINALS.indexOf(ordinal);
  if (index >= 0) return index + 1;
  const number = /^(?:number|task|item) (\w+)$/.exec(text)?.[1] ?? "";
  return NUMBERS.includes(number) ? NUMBERS.indexOf(number) + 1 : null;
}

/** Reads what a person calls a to-do: "the second one", "2 and 3", "it", "all", else words of its title. */
export function readReference(text: string): Reference {
  const plain = text
    .trim()
    .replace(/^["“”']+|["“”']+$/g, "")
    .replace(/[.!?]+$/, "")
    .trim();
  if (/^(?:it|that|this|that one|this one|the same(?: one)?)$/i.test(plain)) return { by: "it" };
  if (
    /^(?:all|everything|them all|all of (?:it|them)|(?:all )?(?:of )?(?:my|the) (?:whole )?(?:tasks|to-?dos|list|to-?do list)|all (?:tasks|to-?dos))$/i.test(
      plain,
    )
  )
    return { by: "all" };
  const parts = plain
    .replace(/^(?:the )?(?:tasks|items|to-?dos|entries|numbers)\s+(?=\S)/i, "")
    .split(/\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*/i);
  const positions = parts.map(positionOf);
  if (positions.every((position) => position !== null)) return { by: "position", positions };
  const words = plain.replace(/^(?:the|my) (?:task|to-?do|item)s? (?:called|named|about|to|for)?\s*/i, "").replace(/^["“']+|["”']+$/g, "");
  return { by: "words", words: words === "" ? plain : words };
}
