import type { Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { isTangled } from "./is-tangled.ts";

/** A reply as a tree (CommonMark with the extensions of GitHub; one tilde strikes nothing through). null: it is tangled. Throws where deep nesting of another kind overflows the stack. */
export const readMarkdown = (text: string): Root | null =>
  isTangled(text) ? null : fromMarkdown(text, { extensions: [gfm({ singleTilde: false })], mdastExtensions: [gfmFromMarkdown()] });
