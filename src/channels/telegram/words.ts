import type { TgContent, TgEntity } from "./update-schema.ts";
import { richPlain } from "./rich-text.ts";

/** The sender's own text of a message, what it quotes inside, and addresses hidden behind words. */
export interface Words {
  text: string;
  quotes: string[];
  links: string[];
}

/**
 * Text or caption, unchanged, except that quotations (a `blockquote` entity, which people paste other people's words into) are taken out.
 */
export function wordsOf(content: TgContent): Words {
  if (content.rich_message) return { ...richPlain(content.rich_message.blocks), links: [] };
  const text = content.text ?? content.caption ?? "";
  const entities = (content.text === undefined ? content.caption_entities : content.entities) ?? [];
  const links = entities.flatMap((entity) => (entity.type === "text_link" && entity.url ? [`${slice(text, entity)}: ${entity.url}`] : []));
  const quoted = entities.filter((entity) => entity.type === "blockquote" || entity.type === "expandable_blockquote");
  if (quoted.length === 0) return { text, quotes: [], links };
  let own = "";
  let end = 0;
  const quotes: string[] = [];
  for (const entity of quoted.toSorted((a, b) => a.offset - b.offset)) {
    const start = Math.max(end, entity.offset);
    const stop = Math.max(start, entity.offset + entity.length);
    own += text.slice(end, start);
    quotes.push(text.slice(start, stop));
    end = stop;
  }
  own += text.slice(end);
  return { text: own.trim(), quotes: quotes.filter((quote) => quote.trim() !== ""), links };
}

const slice = (text: string, entity: TgEntity): string =>
  text.slice(Math.max(0, entity.offset), Math.max(0, entity.offset + entity.length));

/**
 * `/task@MyBot add …` as `/task add …` when it names this bot (or when the bot's name is not known); another bot's command stays as it is.
 */
export function normaliseCommand(text: string, botUsername: string | null): string {
  const match = /^\/(\w{1,64})@(\w{3,64})(?=\s|$)/.exec(text);
  if (!match?.[1] || !match[2]) return text;
  if (botUsername !== null && match[2].toLowerCase() !== botUsername.toLowerCase()) return text;
  return `/${match[1]}${text.slice(match[0].length)}`;
}
