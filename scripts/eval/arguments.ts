/** A command line taken apart: `NAME`, options with their values, files. Options may stand anywhere. */
export interface Arguments {
  name: string | undefined;
  files: string[];
  /** As they were written: `--name`, `value`, or `--name=value`. */
  options: string[];
}

/**
 * Every option has a value, so what follows one without `=` belongs to it, and so do further `NAME=VALUE` pairs where that value is one. After `--` everything is a file.
 */
export function readArguments(args: readonly string[]): Arguments {
  const plain: string[] = [];
  const options: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    if (argument === "--") {
      plain.push(...args.slice(index + 1));
      break;
    }
    if (!argument.startsWith("--")) {
      plain.push(argument);
      continue;
    }
    const value = args[index + 1];
    if (argument.includes("=") || value === undefined) {
      options.push(argument);
      continue;
    }
    do options.push(argument, args[++index] ?? "");
    while (PAIR.test(value) && PAIR.test(args[index + 1] ?? ""));
  }
  const [name, ...files] = plain;
  return { name, files, options };
}

/** `host=203.0.113.9`; nothing with a slash, which could be a file. */
const PAIR = /^[^\s/=-][^\s/=]*=[^\s/]+$/;
