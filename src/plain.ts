/** One line of Markdown that reads as the text does: marks are escaped, line ends are blanks. */
export const plain = (text: string): string => text.replace(/[\\`*_[\]<>#|~]/g, (mark) => `\\${mark}`).replace(/\s+/g, " ");
