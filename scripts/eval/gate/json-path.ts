/** One step into a value. `all`: every element and member; `deep`: this value and everything below it. */
type Step = { kind: "names"; names: readonly string[] } | { kind: "all" } | { kind: "deep" };

/**
 * The values at a path in the arguments of a call; none: nothing is there. Takes what people write: `to`, `$.to`, `to[*]`, `message.recipients[].email`, `$..to`,
 * `$['to']`, `/message/to/0`, `arguments.to`. Filters and slices count as `[*]`. A name that is put to a list means that member of each element; a text where the path
 * expects a list or an object is that text: `to[*].email` of `"ana@example.com"` loses no address.
 */
export function valuesAt(path: string, input: unknown): unknown[] {
  const literal = memberOf(input, path.trim());
  if (literal !== undefined && literal !== null) return [literal];
  const steps = stepsOf(path.trim());
  const found = walk(steps, input);
  const [first, ...rest] = steps;
  // Said of the whole call and not of its arguments.
  const wrapped = first?.kind === "names" && first.names.some((name) => WRAPPERS.has(name));
  return found.length === 0 && wrapped ? walk(rest, input) : found;
}

const WRAPPERS = new Set(["input", "arguments", "args", "params", "parameters"]);

function walk(steps: readonly Step[], value: unknown, searching = false): unknown[] {
  const [step, ...rest] = steps;
  if (value === undefined || value === null) return [];
  if (step === undefined) return [value];
  if (typeof value !== "object") return step.kind === "deep" || searching ? [] : [value];
  switch (step.kind) {
    case "all":
      return childrenOf(value).flatMap((child) => walk(rest, child));
    case "deep":
      return [...new Set([value, ...below(value)].flatMap((one) => walk(rest, one, true)))];
    case "names":
      return step.names.flatMap((name) => {
        const member = memberOf(value, name);
        if (member !== undefined) return walk(rest, member);
        return Array.isArray(value) && !searching && !/^-?\d+$/.test(name) ? value.flatMap((element: unknown) => walk(steps, element)) : [];
      });
  }
}

const childrenOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : typeof value === "object" && value !== null ? Object.values(value) : [];

const below = (value: unknown): unknown[] => childrenOf(value).flatMap((child) => [child, ...below(child)]);

function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^-?\d+$/.test(name) ? value.at(Number(name)) : undefined;
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function stepsOf(path: string): Step[] {
  if (path.startsWith("/") || path.startsWith("#/")) return pointerSteps(path.replace(/^#/, ""));
  const steps: Step[] = [];
  const plain = path.replace(/^[$@](?=$|[.[])/, "");
  for (const [part, quoted, brackets, name] of plain.matchAll(PART)) {
    if (part === ".") continue;
    if (part === "..") steps.push({ kind: "deep" });
    else if (quoted !== undefined) steps.push({ kind: "names", names: quotedNames(quoted) });
    else if (brackets !== undefined) steps.push(bracketStep(brackets.trim()));
    else steps.push(name === "*" ? { kind: "all" } : { kind: "names", names: [name ?? ""] });
  }
  return steps;
}

/** `..`, `.`, `['a', 'b']`, `[…]`, a name. */
const PART = /\.\.|\.|\[\s*((?:'[^']*'|"[^"]*")(?:\s*,\s*(?:'[^']*'|"[^"]*"))*)\s*\]|\[([^\]]*)\]|([^.[\]]+)/g;

const quotedNames = (text: string): string[] =>
  [...text.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? "");

const bracketStep = (text: string): Step =>
  /^-?\d+(?:\s*,\s*-?\d+)*$/.test(text)
    ? { kind: "names", names: text.split(",").map((index) => index.trim()) }
    : /^[\w-]+$/.test(text)
      ? { kind: "names", names: [text] }
      : { kind: "all" };

/** RFC 6901, and `*` for everything. */
const pointerSteps = (path: string): Step[] =>
  path
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((token) => (token === "*" ? { kind: "all" } : { kind: "names", names: [token] }));
