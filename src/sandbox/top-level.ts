/** What stands at the top level of a code. */
export interface TopLevel {
  /** Its static imports, each whole. */
  imports: string[];
  /** The code with blanks in place of them: lines and columns stay. */
  body: string;
  /** Where the last statement begins in it, if that may be an expression; null: it is another statement. */
  last: number | null;
  /** Where that ends: what stands behind is `;`, blanks and comments. */
  end: number;
  /** Whether something is exported. */
  exports: boolean;
}

/** Words that a statement begins with which has no value. */
const STATEMENT =
  /^(?:return|throw|const|let|var|function|class|if|for|while|do|switch|try|break|continue|export|import\s*[\w{*"'$]|async\s+function|debugger)(?![\w$])|^import\s*["'{*\w]/u;

/**
 * Finds statements by brackets and ends of lines, without understanding them: good enough to say where an import is and where the last statement begins. A wrong guess costs a second try and is never run.
 */
export function topLevel(code: string): TopLevel {
  const starts: number[] = [];
  let depth = 0;
  let begun = false;
  let before = "";
  let end: number | null = null;
  scan(code, (at, token) => {
    if (token === ";") end ??= at;
    else if (token !== "\n") end = null;
    if (depth === 0 && !begun && token !== ";" && token !== "\n") {
      starts.push(at);
      begun = true;
    }
    if ("([{".includes(token)) depth++;
    else if (")]}".includes(token)) depth = Math.max(0, depth - 1);
    if (
      depth === 0 &&
      (token === ";" || (token === "\n" && endsHere(before, code.slice(at))) || (token === "}" && blockEnds(code.slice(at + 1))))
    )
      begun = false;
    if (token !== "\n") before = token;
  });
  const imports: string[] = [];
  const body: string[] = [];
  let done = 0;
  let last: number | null = null;
  for (const [index, start] of starts.entries()) {
    const statement = code.slice(start, starts[index + 1] ?? code.length);
    last = STATEMENT.test(statement) ? null : start;
    if (!/^import\s*["'{*\w$]/u.test(statement)) continue;
    const whole = /^import\s*(?:[^"';]*?from\s*)?(?:"[^"\n]*"|'[^'\n]*')(?:\s*with\s*\{[^}]*\})?\s*;?/u.exec(statement)?.[0];
    if (whole === undefined) continue;
    imports.push(`${whole.trimEnd().replace(/;$/u, "").trimEnd()};`);
    body.push(code.slice(done, start), whole.replaceAll(/[^\n]/gu, " "));
    done = start + whole.length;
  }
  body.push(code.slice(done));
  return {
    imports,
    body: body.join(""),
    last,
    end: end ?? code.length,
    exports: starts.some((start) => /^export(?![\w$])/u.test(code.slice(start, start + 7))),
  };
}

/** Whether a line's end ends a statement: neither side may ask for the other. */
const endsHere = (before: string, rest: string): boolean =>
  !/[=+\-*/%&|^!~<>?:,.([{]$/u.test(before) &&
  !/^\s*(?:[.,?:)\]}=*/%&|^<>]|\+(?!\+)|-(?!-)|(?:in|instanceof|of|else|catch|finally|while|as|from)(?![\w$]))/u.test(rest);

/** Whether a block that ends here ends its statement, seen from what follows. */
const blockEnds = (rest: string): boolean =>
  /^\s*(?:$|[\w$"'`@#]|\/[/*]|\{)/u.test(rest) && !/^\s*(?:else|catch|finally|while|from|in|instanceof|of)(?![\w$])/u.test(rest);

/** Calls `see` with the place and the first character of everything that is no blank, comment or inside of a text; strings are one token, line ends are "\n". */
function scan(code: string, see: (at: number, token: string) => void): void {
  const templates: number[] = [];
  let depth = 0;
  let before = "";
  for (let at = 0; at < code.length;) {
    const char = code[at] ?? "";
    const next = code[at + 1] ?? "";
    if (char === "\n") {
      see(at, "\n");
      // All that is blank at once: whoever looks what follows does so once for it.
      at = endOf(code, at, /\s+/guy);
    } else if (/\s/u.test(char)) at++;
    else if (char === "/" && next === "/") at = endOf(code, at, /$/gmu);
    else if (char === "/" && next === "*") at = endOf(code, at + 2, /\*\//gu);
    else if (char === '"' || char === "'") {
      see(at, char);
      before = char;
      at = endOf(code, at + 1, char === '"' ? /(?:\\[\s\S]|[^"\\\n])*(?:"|$)/gmuy : /(?:\\[\s\S]|[^'\\\n])*(?:'|$)/gmuy);
    } else if (char === "`" || (char === "}" && templates.at(-1) === depth)) {
      if (char === "`") see(at, char);
      else templates.pop();
      const end = endOf(code, at + 1, /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{|$)/guy);
      if (code.slice(end - 2, end) === "${") templates.push(depth);
      before = "`";
      at = end;
    } else if (char === "/" && !/[\w$)\]}"'`]/u.test(before)) {
      see(at, char);
      before = '"';
      at = endOf(code, at + 1, /(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])*(?:\/\w*|$)/gmuy);
    } else if (/[\w$]/u.test(char)) {
      see(at, char);
      const end = endOf(code, at, /[\w$]+/guy);
      // After these a slash begins a pattern.
      before = /^(?:return|typeof|case|in|of|void|delete|await|yield|throw|new|else|do)$/u.test(code.slice(at, end)) ? "(" : "a";
      at = end;
    } else {
      if (char === "{" || char === "(" || char === "[") depth++;
      else if (char === "}" || char === ")" || char === "]") depth--;
      see(at, char);
      before = char;
      at++;
    }
  }
}

/** Where what is looked for ends, from a place on; the end of the code where it does not. Always further on. */
function endOf(code: string, from: number, pattern: RegExp): number {
  pattern.lastIndex = from;
  const found = pattern.exec(code);
  return found === null ? code.length : Math.max(pattern.lastIndex, from);
}
