/** Words that stand before links to something else, at the start of a line or as a line. */
const ELSEWHERE = [
  "related(?: (?:stories|articles?|posts?|news|content|links?|reading|topics?|coverage|video))?",
  "(?:more|also|see|read|keep|further|next)[ -](?:more|also|see|read|reading|next|on|from|about)(?: [\\w'’.]+){0,4}",
  "(?:click here|see also|watch(?: (?:now|more|also|live))?|listen|don[’']?t miss(?: it)?|up next|more|recommended(?: (?:for you|reading|stories))?|trending(?: now)?|popular(?: (?:now|on|posts|stories).*)?|most (?:read|popular)|top stories|latest(?: (?:news|stories|posts))?|around the web|editor[’']?s? picks?|what to read next|story continues.*|you (?:may|might|could) (?:also )?(?:like|enjoy|be interested in).*)",
  "tags?|topics?|filed under|posted in|labels|keywords|categor(?:y|ies)|schlagw(?:o|ö)rt(?:e|er)|etiquetas|mots[ -]clés|теги",
  "more (?:great )?[\\w ]{2,25} (?:stories|articles|news|posts|coverage)",
  "leia (?:também|mais)|veja (?:também|mais)|saiba mais|(?:você )?(?:pode|poderá) gostar|lee (?:también|más)|ver más|véase también|te puede interesar|lire aussi|à lire (?:aussi|également)|voir aussi|(?:lesen|sehen) sie (?:auch|mehr)|mehr (?:zum thema|dazu|themen|artikel|nachrichten)|auch interessant|weitere (?:[\\p{L}-]+ ){0,2}(?:informationen|themen|artikel|beiträge|nachrichten|meldungen|links|storys)|(?:meist|viel)(?:gelesen|diskutiert)e? ?\\p{L}*|empfohlene \\p{L}+|das könnte (?:sie|dich) (?:auch )?interessieren|(?:diesen )?(?:artikel|beitrag|news) teilen|temas|plus d[’']articles|à découvrir|leggi anche|lees ook|zobacz (?:też|także|również)|czytaj (?:też|także|więcej)|читайте также|смотрите также|по теме|ayrıca oku(?:yun)?|関連記事|相关(?:阅读|新闻|文章)|延伸阅读|관련 ?기사",
].join("|");
const LABEL = new RegExp(`^[\\W_]{0,3}(?:${ELSEWHERE})[\\W_]{0,3}$`, "iu");
const LABELLED = new RegExp(`^[\\W_]{0,3}(?:${ELSEWHERE})\\s*[:>»|–—-]`, "iu");

/** Whether a line only says that other pages follow. */
export const isElsewhereLabel = (text: string): boolean => text.length <= 60 && LABEL.test(text);

const AUTHOR =
  /^[\W_]{0,3}(?:about (?:the )?(?:authors?|writers?|contributors?)|über (?:den|die) autor(?:in|en|innen)?|zur person|(?:sobre|acerca de) (?:el|la|o|a|los|as|os) autor(?:a|es|as)?|à propos de l[’']auteur|l[’']auteur|об авторе|关于作者|作者简介|著者について)[\W_]{0,3}$/iu;

/** Whether a line announces who wrote the text. */
export const isAuthorLabel = (text: string): boolean => text.length <= 40 && AUTHOR.test(text);

/** Whether a line begins by saying that it leads to other pages. */
export const startsElsewhere = (text: string): boolean => LABELLED.test(text.slice(0, 100)) || (text.length < 100 && LABEL.test(text));

/** How lines begin that ask for something. */
const ASK =
  /^[\W_]{0,3}(?:(?:please )?(?:subscribe|sign[ -]?up|log[ -]?in|sign[ -]?in|follow|share|tweet|join|download|click(?: here)?|check out|donate|tell us|let us know|our standards|note:|print|advert(?:isement|isment)?|anzeige|publicidad|publicidade|publicité|реклама|広告|comments?|comment on|leave a|add a|loading|copyright|©|\(c\)|all rights|compartilh|compartir|partager|teilen|siga|sigue|seguir|suivez|folgen|abonn|inscreva|suscr|подпис|поделит)(?=\P{L}|$))/iu;
/** How other lines begin too: these ask for something where there is a link, or an address. */
const MAY_ASK =
  /^[\W_]{0,3}(?:like|get|stay|find|support|enjoy(?:ed|ing)?|want|for more|to read|reach|contact|write to|e-?mail|send|have|got|listen|need|image|view|read|source)(?=\P{L}|$)/iu;
const ASKED =
  /\b(?:newsletters?|subscri(?:be|bers?|ption)|sign[ -]?up|inbox|follow (?:us|me|him|her|them|\w+)? ?(?:on|at)?|twitter|facebook|instagram|youtube|linkedin|whatsapp|telegram|e-?mail|@\w+|click(?:ing)? here|app store|our app|podcast|letters?|share|comments?|magazine|issue|print edition|rights reserved|our standards|get short url)\b|https?:/iu;
const ADDRESS = /@|https?:/;
const SENTENCE = /[.!?…。！？"”»]$/u;

/** Whether a short line asks the reader to do something with the page or its site: follow, subscribe, share. `links`: the part of it that is links. */
export function isRequest(text: string, links: number): boolean {
  if (text.length > 300 || !(ASK.test(text) || ((links > 0.1 || ADDRESS.test(text)) && MAY_ASK.test(text)))) return false;
  return ASKED.test(text) || (text.length <= 30 && (links > 0.3 || !SENTENCE.test(text)));
}

const CREDIT =
  /(?:\b(?:getty(?: images)?|shutterstock|istock|reuters|afp|ap photo|associated press|alamy|flickr|unsplash|pixabay|wikimedia(?: commons)?|creative commons|via ap|epa|bloomberg)\b|\b(?:photo|photograph|image|images|picture|video|credit|credits|foto|fotos|bild|crédito|crédit)\b\s*(?:by|:|credit|courtesy|copyright|caption|\/|©)|©|file photo)/iu;

/** Whether a short line says whose a picture is. */
export const isCredit = (text: string): boolean => text.length <= 350 && CREDIT.test(text);

/** Words alone, to compare by. */
export const normal = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** Whether a line is the page's title, or the part of it that is not the site's name. */
export function isTitle(text: string, titles: readonly string[]): boolean {
  const line = normal(text);
  return (
    line.length >= 3 &&
    titles.some((title) => {
      const whole = normal(title);
      return (
        whole === line ||
        (line.length >= 15 &&
          (whole.startsWith(line) || whole.endsWith(line) || (line.startsWith(whole) && whole.length > 0.7 * line.length)))
      );
    })
  );
}
