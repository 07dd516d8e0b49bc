/** A message id (RFC 5322, 3.6.4) without anything that could end its line. */
const MESSAGE_ID = /<[\x21-\x3b\x3d\x3f\x41-\x7e]{1,200}@[\x21-\x3b\x3d\x3f\x41-\x7e]{1,200}>/g;
/** Email Service takes 2,048 bytes of one field. */
const MAX_REFERENCES = 1_900;
/** RFC 5322 allows 998; nobody reads as many. */
const MAX_SUBJECT = 250;

/** The ids in a `Message-ID`, `In-Reply-To` or `References` field, in order, each once. What is no id is left out. */
export const messageIds = (field: string): string[] => [...new Set(field.slice(0, 50_000).match(MESSAGE_ID) ?? [])];

/** The first and as many of the last as there is room for: clients thread by those. */
export function referencesOf(ids: readonly string[]): string[] {
  const [first, ...others] = [...new Set(ids)];
  if (first === undefined) return [];
  let room = MAX_REFERENCES - first.length;
  const kept: string[] = [];
  for (const id of others.toReversed()) {
    room -= id.length + 1;
    if (room < 0) break;
    kept.unshift(id);
  }
  return [first, ...kept];
}

/** How clients of many languages mark an answer, and what is sent on. */
const REPLY = /^(?:re|aw|sv|vs|antw|odp|rif|ref|res|ynt|回复|回覆|答复|返信|ответ|на)(?:\s*\[\d+\]|\^\d+)?\s*[:：]\s*/iu;
const FORWARD = /^(?:fwd?|wg|tr|rv|enc|i|doorst|vb|vl|pd|转发|轉寄|転送|пересл)\s*[:：]\s*/iu;

export const isReplySubject = (subject: string): boolean => REPLY.test(subject.trim());
export const isForwardSubject = (subject: string): boolean => FORWARD.test(subject.trim());

/** A subject as one line: what would end it, or turn its direction, is a space. */
export const oneLineSubject = (subject: string): string =>
  subject
    .slice(0, MAX_SUBJECT * 4)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .trim();

/** The subject of an answer (RFC 5322, 3.6.5: one `Re: `, and no more). */
export function replySubject(subject: string): string {
  let bare = oneLineSubject(subject);
  for (let marks = 0; marks < 20 && REPLY.test(bare); marks++) bare = bare.replace(REPLY, "");
  // A character that is cut in two is left out whole.
  const short = bare.length <= MAX_SUBJECT ? bare : `${bare.slice(0, MAX_SUBJECT - 1).replace(/[\ud800-\udbff]$/, "")}…`;
  return short === "" ? "Re: your mail" : `Re: ${short}`;
}
