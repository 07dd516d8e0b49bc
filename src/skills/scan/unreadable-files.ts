import type { SkillFile } from "../skill.ts";
import type { Finding } from "./finding.ts";

const PROGRAMS: readonly [starts: readonly number[], what: string][] = [
  [[0x7f, 0x45, 0x4c, 0x46], "a Linux program"],
  [[0x4d, 0x5a], "a Windows program"],
  [[0xcf, 0xfa, 0xed, 0xfe], "a macOS program"],
  [[0xca, 0xfe, 0xba, 0xbe], "a compiled program"],
  [[0x00, 0x61, 0x73, 0x6d], "a WebAssembly program"],
];
const ARCHIVES: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x1f, 0x8b],
  [0x52, 0x61, 0x72, 0x21],
  [0x37, 0x7a, 0xbc, 0xaf],
];
/** Documents that are archives inside, and nothing that runs by itself. */
const DOCUMENT = /\.(?:docx|xlsx|pptx|odt|ods|odp|epub|svgz|woff2?)$/i;

/** Programs and archives among the files, which no scan of text can look into. */
export function unreadableFile({ path, bytes, text, kind }: SkillFile): Finding | null {
  const finding = (severity: Finding["severity"], why: string): Finding => ({
    rule: "unreadable-file",
    severity,
    file: path,
    line: 0,
    excerpt: "",
    why,
  });
  if (text === null) {
    const program = PROGRAMS.find(([starts]) => beginsWith(bytes, starts));
    if (program) return finding("warn", `It is ${program[1]}; nobody can read what it does.`);
    if (!DOCUMENT.test(path) && ARCHIVES.some((starts) => beginsWith(bytes, starts)))
      return finding("info", "It is an archive; what is in it was not looked at.");
    if (kind === "script") return finding("warn", "It is called like a program and is not text; nobody can read what it does.");
    return null;
  }
  if (kind !== "script" || path.endsWith(".min.js")) return null;
  const long = text.split("\n").findIndex((line) => line.length > 5_000 && line.split(" ").length < line.length / 12);
  return long === -1 ? null : { ...finding("info", "It has a very long line in a program, which nobody can read."), line: long + 1 };
}

const beginsWith = (bytes: Uint8Array, starts: readonly number[]): boolean => starts.every((byte, index) => bytes[index] === byte);
