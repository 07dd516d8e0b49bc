import papa from "papaparse";

/**
 * Rows of a CSV text: as objects by the names in its first line, or as lists with `header: false`. Numbers and true/false become such; empty lines are left out. Anything else that Papa Parse takes may be said too
 * (`delimiter`, `comments` …).
 */
export function parse(text, options = {}) {
  const { data, errors, meta } = papa.parse(text.replace(/^\uFEFF/u, ""), {
    header: true,
    dynamicTyping: true,
    skipEmptyLines: "greedy",
    ...options,
  });
  // Who knows Papa Parse looks for the rows in `data`.
  return Object.defineProperties(data, { data: { value: data }, errors: { value: errors }, meta: { value: meta } });
}

/** CSV of rows, objects or lists. What begins like a formula is quoted, so that no spreadsheet computes it. */
export const stringify = (rows, options = {}) => papa.unparse(rows, { newline: "\n", escapeFormulae: true, ...options });

export default { parse, stringify };
