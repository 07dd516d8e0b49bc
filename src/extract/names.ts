import type { HtmlElement } from "../html/html-tree.ts";

/** Characters of `class` and `id` that are looked at. */
const MAX_NAMES = 400;

/**
 * The names that a page gives an element by `class` and `id`, in one form: `ArticleBody main__text has-ads` is ` article-body main-text `. Names that only tell a state
 * (`has-sidebar`, `no-comments`) say nothing about what the element is.
 */
export function namesOf({ attributes }: HtmlElement): string {
  const written = `${(attributes["class"] ?? "").slice(0, MAX_NAMES)} ${(attributes["id"] ?? "").slice(0, MAX_NAMES)}`;
  if (written === " ") return "";
  const names = written
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .split(/\s+/)
    .map((name) => name.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, ""))
    .filter((name) => name !== "" && !STATE.test(name));
  return names.length === 0 ? "" : ` ${names.join(" ")} `;
}

const STATE = /^(?:has|no|not|with|without|is|hide|hidden|show|can|if|js|lg|md|sm|xs|xl)-/;

/** A word of a name, or several, between hyphens. */
const named = (...words: string[]): RegExp => new RegExp(`[ -](?:${words.join("|")})[ -]`);

/** What stands around the content of a page, whatever the page is. */
export const AROUND_NAME = named(
  "nav|navbar|navigation|navi|menu|submenu|breadcrumbs?|crumbs?|toolbar|footer|foot|masthead|sidebar|side-?bar|rail|skip-link|skip-to|skip",
  "social|socials|social-?media|shar(?:e|es|ing)|share-?bar|share-?tools?|share-?this|add-?this|a2a|addtoany|sharedaddy|jp-relatedposts",
  "news-?letters?|subscribe|subscription|subscriptions|sign-?up|log-?in|sign-?in|opt-?in|register|paywall",
  "rodape|cabecalho|fusszeile|pied-?de-?page|pie-?de-?pagina",
  "tickers?|breaking-?news|latest-?(?:news|posts|stories|articles)|recent-?(?:news|posts|stories|articles|comments)|top-?stories",
  "promos?|promotions?|promoted|promobox|sponsors?|sponsored|adverts?|advertisement|advertising|ads?|adsense|dfp|ad-?slot|ad-?unit|ad-?box|ad-?container|ad-?wrapper|outbrain|taboola|zergnet|revcontent|mgid",
  "cookies?|consent|gdpr|modal|popup|pop-?over|overlay|lightbox|tooltip|dialog",
  "paginat(?:ion|or)|pager|paging|page-?links|prev-?next|post-?navigation",
  "recommend(?:ed|ation|ations|s)?|related|related-?(?:posts?|articles?|content|stories|news|links?)|trending|most-?(?:read|popular|viewed|shared|commented)|popular|you-?may|also-?like|also-?read|read-?also|read-?next|read-?more|up-?next|more-?(?:on|from|in|stories|news|articles|posts|like)|see-?also|further-?reading|teasers",
  "(?:post-?|article-?|entry-?)tags?|tags|tag-?list|tag-?cloud|tagcloud|taglist|keywords|hash-?tags?",
  "by-?line|author-?(?:bio|box|info|card|details|meta|description|profile|block|desc|about|wrap)|about-?(?:the-?)?author|bio|contributors?",
  "print|printfriendly|reprints?|permalink|edit-?section|rating|ratings|vote|votes|likes?|follow|follow-?us|copyright|disclaimer",
  "widgets|widget-?area|polls?|quiz|survey|donate|donation|call-?to-?action|cta|buttons?|btn",
);

/** What others said below it. */
export const COMMENT_NAME = named(
  "comments?|comment-?list|commentlist|comment-?area|respond|disqus|discussion|replies|livefyre|fb-comments|user-comments|conversation",
);

/** Lines about an article that are not of it. */
export const ABOUT_NAME = named(
  "meta|post-?meta|entry-?meta|article-?meta|date|time|time-?stamp|timestamp|pub-?date|published|date-?line|dateline-top|authors?|credits?|source|categor(?:y|ies)|kicker|eyebrow|section-?name|reading-?time",
);

/** Words under a picture. */
export const CAPTION_NAME = named(
  "captions?|figcaption|image-?caption|wp-caption|wp-caption-text|photo-?credit|image-?credit|credits?|media-?caption|cutline",
);

/** What pages call the text of an article. */
export const BODY_NAME = named(
  "article-?(?:body|content|text|copy|main|entry|inner|page)|(?:story|post|entry|blog|news|page|body|single|node|main)-?(?:body|content|text|copy)|(?:article|story|post|entry|news|blog)-[a-z]+-(?:body|content|text)|body-?copy|rich-?text|field-name-body|article__content|mw-parser-output|markdown-body",
);

/** What pages call the first sentences of an article. */
export const LEAD_NAME = named("summary|lead|lede|intro|introduction|standfirst|abstract|excerpt|chapo|teaser|vorspann|entradilla|sapo");
