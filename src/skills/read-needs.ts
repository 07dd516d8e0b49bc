import { oneLine } from "./plain-text.ts";
import type { Plain } from "./read-yaml.ts";
import type { SkillNeeds } from "./skill.ts";

const MOST = 50;

/**
 * What a skill says it needs where it comes from: `allowed-tools` of the standard (text or list), `metadata.<program>.requires` as OpenClaw and its kin write it, whose metadata
 * is often JSON in a text.
 */
export function readNeeds(fields: Readonly<Record<string, Plain>>): SkillNeeds {
  const needs: SkillNeeds = {
    tools: toolNames(fields["allowed-tools"] ?? fields["allowed_tools"] ?? fields["tools"]),
    environment: [],
    programs: [],
  };
  const metadata = opened(fields["metadata"]);
  for (const one of [fields, metadata, ...Object.values(metadata).map(opened)]) {
    const requires = opened(one["requires"]);
    needs.environment.push(...texts(requires["env"]), ...texts(one["primaryEnv"]), ...texts(one["env"]));
    needs.programs.push(...texts(requires["bins"]), ...texts(requires["anyBins"]));
  }
  return {
    tools: few(needs.tools),
    environment: few(needs.environment.filter((name) => /^[A-Za-z_]\w{1,99}$/.test(name))),
    programs: few(needs.programs),
  };
}

/** `Read, Write, Bash(git add:*)`: divided where no bracket is open. */
function toolNames(value: Plain | undefined): string[] {
  if (typeof value !== "string") return texts(value);
  const names: string[] = [];
  let depth = 0;
  let name = "";
  for (const character of value.slice(0, 5_000).replace(/^\[(.*)\]$/s, "$1")) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (depth <= 0 && /[\s,]/.test(character)) {
      names.push(name);
      name = "";
    } else name += character;
  }
  return [...names, name].filter((one) => one !== "");
}

function opened(value: Plain | undefined): Record<string, Plain> {
  if (typeof value === "string" && value.trimStart().startsWith("{") && value.length <= 20_000) {
    try {
      return opened(JSON.parse(value) as Plain);
    } catch {
      return {};
    }
  }
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}

/** Names in a list; where entries are objects, their `name`. */
const texts = (value: Plain | undefined): string[] => {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) => {
    if (typeof entry === "string") return [entry];
    const name = opened(entry)["name"];
    return typeof name === "string" ? [name] : [];
  });
};

const few = (names: readonly string[]): string[] =>
  [...new Set(names.map((name) => oneLine(name).slice(0, 100)).filter((name) => name !== ""))].slice(0, MOST);
