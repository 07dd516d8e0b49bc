/** What the input of a call holds as text that is read line by line, and the rest of it. */
export interface InputParts {
  texts: { name: string; text: string }[];
  rest: Record<string, unknown>;
}

/** Programs, and what they printed, are read as they are, however short. */
const PROGRAMS = new Set(["command", "code", "stdout", "stderr", "logs"]);

/** Whole files by their paths, such as those of a skill. */
const isFiles = (value: unknown): value is { path: string; text: string }[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => {
    const { path, text, ...rest } = Object(one);
    return typeof path === "string" && typeof text === "string" && Object.keys(rest).length === 0;
  });

/** Takes texts of several lines and programs out of the input of a call: as JSON nobody can read them. */
export function longTexts(input: unknown): InputParts {
  const parts: InputParts = { texts: [], rest: {} };
  if (typeof input !== "object" || input === null || Array.isArray(input)) return parts;
  const files: InputParts["texts"] = [];
  for (const [name, given] of Object.entries(input)) {
    // What code logged is read as it was printed.
    const value: unknown = name === "logs" && Array.isArray(given) ? given.join("\n") : given;
    if (isFiles(value)) files.push(...value.map(({ path, text }) => ({ name: path, text })));
    else if (typeof value === "string" && (PROGRAMS.has(name) || value.trim().includes("\n"))) parts.texts.push({ name, text: value });
    else parts.rest[name] = given;
  }
  // After what they belong to, whichever name comes first.
  parts.texts.push(...files);
  return parts;
}
