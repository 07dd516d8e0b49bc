import type { MemoryKind } from "./shapes.ts";

/** A plain statement about the user: one of their attributes has this value. */
export interface Attribute {
  /** What can have one value at a time; null: it may have several ("allergic to"). */
  slot: string | null;
  kind: MemoryKind;
  /** In the form that memories have, such as "Lives in Oslo". */
  text: string;
}

/** What stands before a statement and says nothing. */
const OPENING =
  /^(?:(?:(?:please |also |and |so |well |ok(?:ay)?,? |oh,? |hey,? |hi,? |btw,? |fyi,? |by the way,? |actually,? |just so you know,? |note(?: that)?:? |remember(?: that)?:? |in fact,? |now )+))/iu;
/** Of the user: said by them, about them, or with nobody named, as memories are written. */
const ME = "(?:i|the user|user|you)";
const MY = "(?:my|the user['’]s|user['’]s|your)";
const IS = "(?:['’]s| is|:| =)";
const SOFT = "(?:(?:just|now|currently|recently|finally|still|also|actually) )*";
const NAME = "(\\p{Lu}[\\p{L}\\p{M}'’.-]*(?: \\p{Lu}[\\p{L}\\p{M}'’.-]*){0,3})";
const QUALIFIER = "(?:(work|home|mobile|cell|office|private|personal|second|other) )?";

type Read = (match: RegExpExecArray) => Attribute | null;
const rule = (source: string, read: Read, flags = "isu"): [RegExp, Read] => [new RegExp(`^(?:${source})$`, flags), read];
const group = (match: RegExpExecArray, index: number): string => (match[index] ?? "").trim();

/** A place or an employer: without what is said of when and why; null where the words are something else ("moved to the couch"). */
function named(value: string): string | null {
  const name = value
    .replace(
      /,? (?:and|but|because|so|which|where|since|when|after|before|while|until) (?:i|we|my|it|he|she|they|you|the|last|this|\d).*$/iu,
      "",
    )
    .replace(
      /,? (?:since .+|in (?:19|20)\d\d|(?:last|this) \p{L}+|(?:a|two|three|\d+) (?:day|week|month|year)s? ago|yesterday|today|recently|already|again|now|currently|at the moment)$/iu,
      "",
    )
    .replace(/[\s,;]+$/u, "");
  if (/^(?:a|an|my|our|your|another|this|that|next|tomorrow|fear|hope|using|doing)\b/iu.test(name)) return null;
  if (/^the \p{Ll}/u.test(name) && !/^the (?:netherlands|uk|us|usa|hague|bronx|philippines|countryside|city|suburbs)\b/iu.test(name))
    return null;
  return name === "" || name.length > 80 || name.split(/\s+/).length > 8 ? null : name;
}

const valued =
  (slot: string | null, kind: MemoryKind, prefix: string, at = 1): Read =>
  (match) => {
    const value = named(group(match, at));
    return value === null ? null : { slot, kind, text: `${prefix} ${value}` };
  };

const qualified = (word: string, name: string): { slot: string; prefix: string } => {
  const which = word.toLowerCase().replace(/^(?:mobile|cell|private|personal)$/, "");
  return which === ""
    ? { slot: name, prefix: `${name.charAt(0).toUpperCase()}${name.slice(1)}` }
    : { slot: `${name}:${which}`, prefix: `${which.charAt(0).toUpperCase()}${which.slice(1)} ${name}` };
};

const RULES: readonly [RegExp, Read][] = [
  rule(
    `(?:${ME}(?:['’]?m| am| is| are)? )?${SOFT}(?:live|lives|living|based|reside|resides) ${SOFT}(?:in|near) (.+)`,
    valued("home", "fact", "Lives in"),
  ),
  rule(
    `(?:${ME}(?:['’]?ve| have| has)? )?${SOFT}moved(?: house| home| back| over)?(?: from .+?)? to (.+)`,
    valued("home", "fact", "Lives in"),
  ),
  rule(`(?:${ME}(?:['’]?m| am| is| are)? )?${SOFT}(?:work|works|working) ${SOFT}(?:at|for) (.+)`, valued("employer", "fact", "Works at")),
  rule(
    `${ME}(?:['’]?ve| have| has)? ?${SOFT}(?:started(?: working)?(?: a new job)?|got a (?:new )?job) at (.+)`,
    valued("employer", "fact", "Works at"),
  ),
  rule(`(?:${ME} )?(?:work|works) as (.+)`, (match) => ({ slot: "job", kind: "fact", text: `Works as ${group(match, 1)}` })),
  rule(`(?:(?:${MY} )?(?:full )?name${IS}|${ME}(?:['’]?m| am| is| are) called) (.+)`, (match) => {
    const name =
      new RegExp(`^${NAME}$`, "u").exec(group(match, 1))?.[1] ??
      (/^[\p{L}\p{M}'’-]{2,30}$/u.test(group(match, 1)) ? group(match, 1) : null);
    return name === null ? null : { slot: "name", kind: "profile", text: `Name is ${name}` };
  }),
  rule(`[Cc]all me ${NAME}`, (match) => ({ slot: "called", kind: "profile", text: `Wants to be called ${group(match, 1)}` }), "su"),
  rule(`${MY}? ?(?:new )?${QUALIFIER}(?:phone|mobile|cell|telephone)(?: number)?${IS} (\\+?[\\d\\s()./-]{6,24})`, (match) => {
    const { slot, prefix } = qualified(group(match, 1), "phone number");
    return { slot, kind: "fact", text: `${prefix} is ${group(match, 2)}` };
  }),
  rule(`${MY}? ?(?:new )?${QUALIFIER}e-?mail(?: address)?${IS} (\\S+@\\S+)`, (match) => {
    const { slot, prefix } = qualified(group(match, 1), "email");
    return { slot, kind: "fact", text: `${prefix} is ${group(match, 2)}` };
  }),
  rule(
    `(?:[Mm]y |[Tt]he user['’]s |[Uu]ser['’]s |[Yy]our )?([Ww]ife|[Hh]usband|[Pp]artner|[Gg]irlfriend|[Bb]oyfriend|[Ss]pouse|[Ff]ianc[ée]e?)(?:['’]s name)?(?: is|:)(?: called| named)? ${NAME}`,
    (match) => {
      const relation = group(match, 1);
      return {
        slot: "partner",
        kind: "fact",
        text: `${relation.charAt(0).toUpperCase()}${relation.slice(1).toLowerCase()} is ${group(match, 2)}`,
      };
    },
    "su",
  ),
  rule(`(?:${MY} )?favou?rite (.{2,40}?)(?: is| are|:) (.+)`, (match) => {
    const value = named(group(match, 2));
    const what = group(match, 1).toLowerCase();
    return value === null ? null : { slot: `favourite:${what}`, kind: "fact", text: `Favourite ${what} is ${value}` };
  }),
  rule(`(?:${MY} )?time ?zone${IS} (.+)`, valued("time zone", "profile", "Time zone is")),
  rule(
    `(?:${MY} )?(?:native |first |preferred )?(?:language|mother tongue)${IS} (\\p{L}+)|(?:please )?(?:always|from now on,?) (?:answer|reply|write|speak|talk)(?: to me)? in (\\p{L}+)|(?:answer|reply|write|speak|talk)(?: to me)? in (\\p{L}+) from now on`,
    (match) => ({ slot: "language", kind: "profile", text: `Language is ${group(match, 1) || group(match, 2) || group(match, 3)}` }),
  ),
  rule(
    `(?:${ME}(?:['’]?m| am| is| are| eat| have become| became) |is )${SOFT}(?:a )?(vegetarian|vegan|pescatarian|pescetarian|halal|kosher)(?: now| food)?|(?:${MY} )?diet${IS} (.+)`,
    (match) => ({ slot: "diet", kind: "fact", text: `Diet is ${(group(match, 1) || group(match, 2)).toLowerCase()}` }),
  ),
  rule(`(?:(?:${MY} )?(?:birthday|date of birth)${IS}|${ME} (?:was|were) born)(?: on| in)? (.+)`, (match) =>
    /\d|january|february|march|april|may|june|july|august|september|october|november|december/iu.test(group(match, 1))
      ? { slot: "birthday", kind: "fact", text: `Birthday is ${group(match, 1)}` }
      : null,
  ),
  rule(`(?:${ME}(?:['’]?m| am| is| are) )?${SOFT}allergic to (.+)`, valued(null, "fact", "Allergic to")),
  rule(`(?:${ME} )?${SOFT}prefers? (.{3,120})`, (match) => ({ slot: null, kind: "fact", text: `Prefers ${group(match, 1)}` })),
];

/** Reads a plain statement about the user, as they say it ("I moved to Oslo") or as memories are written ("Lives in Oslo"); null: it is none. */
export function attributeOf(sentence: string): Attribute | null {
  if (sentence.length > 300 || sentence.includes("\n")) return null;
  const plain = sentence
    .trim()
    .replace(OPENING, "")
    .replace(/[\s.!,;]+$/u, "");
  if (plain === "" || plain.endsWith("?")) return null;
  for (const [pattern, read] of RULES) {
    const match = pattern.exec(plain);
    const attribute = match && read(match);
    if (attribute) return attribute;
  }
  return null;
}

/** Words that an attribute is asked about by, where its statement has others: "where do I live?" is answered by "Moved to Oslo". */
const ASKED_BY: Readonly<Record<string, string>> = {
  home: "live home address city country",
  employer: "work job employer company",
  job: "work job profession",
  name: "name called",
  called: "name called",
  "phone number": "phone mobile telephone number",
  email: "email mail address",
  partner: "partner wife husband spouse married",
  "time zone": "time zone",
  language: "language speak",
  diet: "diet eat food",
  birthday: "birthday born age",
};

/** What a statement about the user is found by beside its own words; empty: nothing. */
export function askedBy(text: string): string {
  const attribute = attributeOf(text);
  if (attribute === null) return "";
  return [attribute.text, ASKED_BY[attribute.slot?.split(":")[0] ?? ""] ?? ""].join(" ").trim();
}
