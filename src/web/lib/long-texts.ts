/** What the input of a call holds as text that is read line by line, and the rest of it. */
export interface InputParts {
  texts: { name: string; text: string }[];
  rest: Record<string, unknown>;
}

/** Programs, and what they printed, are read as they are, however short. */
const PROGRAMS = new Set(["command", "code", "stdout", "stderr"]);

/** Takes texts of several lines and programs out of the input of a call: as JSON nobody can read them. */
export function longTexts(input: unknown): InputParts {
  const parts: InputParts = { texts: [], rest: {} };
  if (typeof input !== "object" || input === null || Array.isArray(input)) return parts;
  for (const [name, value] of Object.entries(input))
    if (typeof value === "string" && (PROGRAMS.has(name) || value.trim().includes("\n"))) parts.texts.push({ name, text: value });
    else parts.rest[name] = value;
  return parts;
}
