/** An entity as a call carries it; its shape was checked before. */
export interface SentEntity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
}

const TYPES = new Set(
  "mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough spoiler blockquote expandable_blockquote code pre text_link text_mention custom_emoji date_time".split(
    " ",
  ),
);
const SPLITTABLE = new Set(["bold", "italic", "underline", "strikethrough", "spoiler"]);
const QUOTES = new Set(["blockquote", "expandable_blockquote"]);

/** What the real server refuses about entities, in its words (TDLib, `fix_entities` and `clean_input_string`); null: it takes them. */
export function entityRefusal(text: string, entities: readonly SentEntity[]): string | null {
  for (const { offset, length, type, url } of entities) {
    if (!TYPES.has(type)) return `can't parse entities: unsupported entity type "${type}"`;
    if (offset < 0) return `receive an entity with incorrect offset ${offset}`;
    if (length < 0) return `receive an entity with incorrect length ${length}`;
    if (offset > text.length) return `entity begins after the end of the text at UTF-16 offset ${offset}`;
    if (offset + length > text.length)
      return `entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${offset + length}`;
    if (insidePair(text, offset)) return `entity begins in a middle of a UTF-16 symbol at byte offset ${bytes(text, offset)}`;
    if (insidePair(text, offset + length))
      return `entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol at byte offset ${bytes(text, offset + length)}`;
    if (type === "text_link" && !url) return "can't parse entities: text_link without a url";
  }
  return null;
}

/**
 * What the real server would take but change without a word: dropped, cut and trimmed entities. A test that looks at `warnings` learns that
 * people do not see what was meant.
 */
export function entityWarnings(text: string, entities: readonly SentEntity[]): string[] {
  const warnings: string[] = [];
  if (entities.length > 100) warnings.push(`${entities.length - 100} entities past the first 100 are dropped`);
  for (const entity of entities) {
    const shown = text.slice(entity.offset, entity.offset + entity.length);
    if (shown.trim() === "") warnings.push(`an empty ${entity.type} is dropped`);
    else if (shown !== shown.trim()) warnings.push(`white space at the edge of ${entity.type} is cut off`);
    if (entity.type === "text_link" && !/^(?:https?|tg|ton|tonsite):\/\//.test(entity.url ?? ""))
      warnings.push("a link to no web address is dropped");
  }
  for (const [index, a] of entities.entries()) for (const b of entities.slice(index + 1)) warnings.push(...overlap(a, b));
  return warnings;
}

/** core.telegram.org/bots/api#messageentity: which entities may share characters. */
function overlap(a: SentEntity, b: SentEntity): string[] {
  const [first, second] = a.offset < b.offset || (a.offset === b.offset && a.length >= b.length) ? [a, b] : [b, a];
  if (second.offset >= first.offset + first.length) return [];
  if (second.offset + second.length > first.offset + first.length) return [`${first.type} and ${second.type} overlap in part`];
  const both = [first.type, second.type];
  if (both.every((type) => QUOTES.has(type))) return ["a quote within a quote"];
  if (both.some((type) => QUOTES.has(type))) return [];
  if (both.some((type) => type === "code" || type === "pre")) return [`${second.type} within ${first.type}`];
  return both.some((type) => SPLITTABLE.has(type)) ? [] : [`${second.type} within ${first.type}`];
}

const insidePair = (text: string, at: number): boolean =>
  /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(at));
const bytes = (text: string, at: number): number => new TextEncoder().encode(text.slice(0, at)).length;
