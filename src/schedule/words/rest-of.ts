/** Words that ask for something to be done, before what it is. */
const LEAD =
  /^(?:(?:hey|hi|ok|okay|please|pls|margay|can you|could you|would you|will you|i want you to|i need you to|i'd like you to|make sure to|don't forget to|don't let me forget to)[\s,]+)*(?:(?:remind|ping|nudge|notify|alert)\s+me(?:\s+(?:to|that|about|of|when|with))?|(?:set|add|create|make)\s+(?:me\s+)?(?:up\s+)?(?:a|an|the)\s+(?:(?:daily|weekly|monthly|yearly|recurring|new)\s+)?(?:reminder|alarm|schedule|timer)(?:\s+(?:to|for|that|about))?|schedule|(?:a\s+)?reminder(?:\s+(?:to|for|that|about))?)\b[\s,:;–-]*/i;
const POLITE = /^(?:(?:hey|please|pls|can you|could you|would you)\b[\s,]+)+/i;
const EDGE =
  /^(?:[\s,;:.–—-]|(?:and|then|at|on|from|to|that|by|of|starting)\b(?=\s|$))+|(?:[\s,;:–—-]|(?<=\s|^)(?:and|at|on|from|by|of|in|for|starting|please))+$/i;

/** What is left of the words when those about time are taken out: "remind me to call mum tomorrow at 5" is "call mum". `read` is as long as `text`, with blanks for what was understood. */
export function restOf(text: string, read: string): string {
  let rest = "";
  for (let index = 0; index < text.length; index++) rest += read[index] === " " ? " " : text[index];
  rest = tidy(rest);
  const lead = LEAD.exec(rest) ?? POLITE.exec(rest);
  return lead ? tidy(rest.slice(lead[0].length)) : rest;
}

function tidy(text: string): string {
  let words = text
    .replace(/\s+/g, " ")
    .replace(/\s+([,.!?;:])/g, "$1")
    .replace(/([,;:])(?:\s*[,;:])+/g, "$1")
    .trim();
  for (let before = ""; before !== words;) {
    before = words;
    words = words.replace(EDGE, "").trim();
  }
  if (!/[\p{L}\p{N}\p{S}]/u.test(words)) return "";
  return words
    .replace(/^["“'](.*)["”']$/s, "$1")
    .replace(/(?<=[^.!?])\.$/, "")
    .trim();
}
