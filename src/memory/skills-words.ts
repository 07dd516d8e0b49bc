/** Says of skills that what was forgotten still stands in them, and what can be done. */
export const skillsWords = (names: readonly string[]): string =>
  names.length === 1
    ? `The skill ${names[0] ?? ""} still says it, since you said yes to its text: have it changed, or uninstall it.`
    : `The skills ${names.join(", ")} still say it, since you said yes to their texts: have them changed, or uninstall them.`;
