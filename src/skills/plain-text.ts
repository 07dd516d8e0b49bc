/** Everything that cannot be seen, except tabs, line breaks and the marks that emoji are made of. */
const UNSEEN = /(?![\t\n]|\u{FE0F}|\u{200D})[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const JOINER_ALONE = /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D|\u200D(?!\p{Extended_Pictographic})/gu;

/** A field of somebody else's file as it may be shown and read: without hidden characters, which can carry orders that no person sees. */
export const withoutUnseen = (text: string): string => text.replaceAll(/\r\n?/g, "\n").replaceAll(UNSEEN, "").replaceAll(JOINER_ALONE, "");

/** The same in one line. */
export const oneLine = (text: string): string => withoutUnseen(text).replaceAll(/\s+/g, " ").trim();

/** The beginning of a text, cut between characters. */
export const cutTo = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text
        .slice(0, most - 1)
        .toWellFormed()
        .trimEnd()}…`;
