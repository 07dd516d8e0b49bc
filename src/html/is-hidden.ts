/** Inline styles that take an element out of sight. */
const HIDING =
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden|opacity\s*:\s*0*(?:\.0+)?%?\s*(?:;|!|$)|font-size\s*:\s*0*(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)|font\s*:\s*0(?:px)?[\s/]|color\s*:\s*transparent|clip-path\s*:\s*(?:inset\(\s*(?:50|100)%|circle\(\s*0)|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01]|transform\s*:\s*(?:scale[XY]?\(\s*0\s*[,)]|translate[XY]?\(\s*-\d{3,})|(?:text-indent|left|right|top|bottom|margin-left|margin-top)\s*:\s*-\d{3,})/i;
/** Of no size, where what does not fit is not shown. */
const NO_SIZE = /(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*[01]?(?:\.0+)?(?:px|em|rem|%)?\s*(?:;|!|$)/i;
const CUT_OFF = /(?:^|;)\s*overflow(?:-[xy])?\s*:\s*(?:hidden|clip)/i;

/** Characters of a style that are looked at: no page needs more to hide something, and a page decides how long it is. */
const MAX_STYLE = 2_000;

/**
 * Whether an element says of itself that nobody sees it. Text that only a machine reads is how pages give orders to agents. What a style sheet hides is not known here.
 */
export function isHidden(name: string, attributes: Readonly<Record<string, string>>): boolean {
  if (attributes["hidden"] !== undefined || attributes["aria-hidden"]?.trim().toLowerCase() === "true") return true;
  if (name === "dialog" && attributes["open"] === undefined) return true;
  const style = attributes["style"];
  if (style === undefined) return false;
  const plain = style.slice(0, MAX_STYLE).replaceAll(/\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//g, "");
  return HIDING.test(plain) || (NO_SIZE.test(plain) && CUT_OFF.test(plain));
}

/** Characters that are not seen, or that change how others are seen: tags, direction marks, zero-width ones. The joiners stay; scripts and emoji need them. */
export const withoutInvisible = (text: string): string =>
  text.replaceAll(/[\u{E0000}-\u{E007F}\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB]/gu, "");
