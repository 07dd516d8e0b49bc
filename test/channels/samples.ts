import * as fc from "fast-check";
import { NAUGHTY_STRINGS } from "../support/naughty-strings.ts";

/** Any text a person could send: no lone surrogates, at least one visible character. */
export const anyText = fc
  .oneof(fc.string({ unit: "binary", minLength: 1 }), fc.constantFrom(...NAUGHTY_STRINGS))
  .filter((text) => text.trim() !== "" && text.isWellFormed());
