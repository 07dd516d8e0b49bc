import { lower, type ScanRule, type Sighting } from "./finding.ts";
import { KEY_SETTINGS, KEY_STORES, MAY_BE_STORE } from "./key-stores.ts";
import { programsIn, type Program } from "./programs.ts";
import { SENDS } from "./sends.ts";

/** One place may be a program's own business; so many are a collection. */
const MANY = 3;
/** A regular expression, with which a scanner looks for such places. */
const EXPRESSION = /["'(|]\\{1,2}\./;
/** What is only said, or shown. */
const SAID =
  /^\s{0,40}(?:#|\/\/|\*|(?:echo|log|print|printf|info|warn|error|console\.\w{1,10}|logg(?:er|ing)\.\w{1,10})\b(?!.{0,400}\$\())/;

/** A program that reads where keys are kept, and sends something away. */
export const collectsKeys: ScanRule = {
  name: "collects-keys",
  *look(file): Generator<Sighting, void> {
    for (const program of programsIn(file)) if (MAY_BE_STORE.test(program.text) && SENDS.test(program.text)) yield* collects(program);
  },
};

function* collects({ lines, file }: Program): Generator<Sighting, void> {
  const seen = new Set<string>();
  for (const { text, number: line, described } of lines) {
    if (!MAY_BE_STORE.test(text) || EXPRESSION.test(text) || SAID.test(text)) continue;
    const stores = KEY_STORES.filter(({ pattern }) => pattern.test(text));
    for (const { what } of [...stores, ...KEY_SETTINGS.filter(({ pattern }) => pattern.test(text))]) seen.add(what);
    if (seen.size >= MANY) {
      // In a program, words like "scan" say nothing about whether it is a guide against attacks.
      const severity = described && !file ? lower("danger") : "danger";
      const why = `This program collects keys (${[...seen].slice(0, 4).join(", ")}) and sends something away.`;
      return void (yield { severity, line, text, why });
    }
    const [store] = stores;
    if (store === undefined) continue;
    const why = `This program reads where keys are kept (${store.what}), and sends something away.`;
    yield { severity: described ? lower("warn") : "warn", line, text, why };
  }
}
