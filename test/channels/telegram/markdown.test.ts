import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatReply, plainReply } from "../../../src/channels/telegram/format-reply.ts";
import { entitiesOf, type FormattedText, format, sliceRuns, textOf } from "../../../src/channels/telegram/formatted.ts";
import { markdownToRuns, plainRuns } from "../../../src/channels/telegram/markdown.ts";
import { ENTITY_LIMIT, MESSAGE_LIMIT, splitRuns } from "../../../src/channels/telegram/split.ts";
import { entityRefusal, entityWarnings } from "../../support/telegram-api/entities.ts";
import { LONE_SURROGATES, NAUGHTY_STRINGS } from "../../support/naughty-strings.ts";

/** Each entity as `type:what it covers`. */
const marks = (message: FormattedText | undefined) =>
  message?.entities.map((entity) => `${entity.type}:${message.text.slice(entity.offset, entity.offset + entity.length)}`);
const one = (markdown: string): FormattedText => {
  const messages = formatReply(markdown);
  expect(messages).toHaveLength(1);
  return messages[0] ?? { text: "", entities: [] };
};

const flat = (messages: FormattedText[]): string =>
  messages
    .map((message) => message.text)
    .join("")
    .replaceAll(/\s/g, "");

const piece = fc.oneof(
  fc.constantFrom(
    "**",
    "*",
    "_",
    "~~",
    "`",
    "```\n",
    "```js\n",
    "> ",
    "- ",
    "1. ",
    "# ",
    "\n",
    "\n\n",
    "| a | b |\n|---|---|\n| c | d |\n",
    "[",
    "](https://a.example)",
    "![",
    "<b>",
    "- [x] ",
    "    ",
    "[^1]",
    "\\",
    "👩‍👩‍👧",
    "é",
    " ",
  ),
  fc.constantFrom(...NAUGHTY_STRINGS.filter((text) => text.length < 200)),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const anyMarkdown = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));

describe("formatReply()", () => {
  test.each([
    ["**bold** and *italic* and ~~gone~~", "bold and italic and gone", ["bold:bold", "italic:italic", "strikethrough:gone"]],
    ["***both***", "both", ["bold:both", "italic:both"]],
    ["**a `b` c**", "a b c", ["bold:a", "code:b", "bold:c"]],
    ["# Title\ntext", "Title\n\ntext", ["bold:Title"]],
    ["[site](https://a.example/x)", "site", ["text_link:site"]],
    ["[`code`](https://a.example)", "code", ["text_link:code"]],
    ["https://a.example/x", "https://a.example/x", []],
    ["[x](javascript:alert)", "x (javascript:alert)", []],
    ["[x](tg://user?id=1)", "x (tg://user?id=1)", []],
    ["[mail](mailto:a@b.example)", "mail (mailto:a@b.example)", []],
    ["![alt](https://a.example/i.png)", "alt", ["text_link:alt"]],
    ["[x][ref]\n\n[ref]: https://a.example", "x", ["text_link:x"]],
    ["> one\n> two", "one\ntwo", ["blockquote:one\ntwo"]],
    ["> a\n> > b", "a\n\nb", ["blockquote:a\n\nb"]],
    ["- a\n- b\n  - c", "• a\n• b\n   • c", []],
    ["3. a\n4. b", "3. a\n4. b", []],
    ["- [x] done\n- [ ] open", "☑ done\n☐ open", []],
    ["```js\nlet a;\n```", "let a;", ["pre:let a;"]],
    ["| A | B |\n|---|--:|\n| 1 | 22 |", "A |  B\n--+---\n1 | 22", ["pre:A |  B\n--+---\n1 | 22"]],
    ["a<br>b <b>c</b>", "a\nb <b>c</b>", []],
    ["line one\nline two", "line one\nline two", []],
    ["1 \\* 2", "1 * 2", []],
    ["word[^1]\n\n[^1]: note", "word[1]\n\n[1] note", []],
  ])("writes %j", (markdown, text, expected) => {
    const message = one(markdown);
    expect(message.text).toBe(text);
    expect(marks(message)).toEqual(expected);
  });

  test("keeps the language of a code block, when it is a word", () => {
    expect(one("```c++\nx\n```").entities).toEqual([{ type: "pre", language: "c++", offset: 0, length: 1 }]);
    expect(one("```{.a b}\nx\n```").entities).toEqual([{ type: "pre", offset: 0, length: 1 }]);
  });

  test("counts in UTF-16 units", () => {
    expect(one("👩‍👩‍👧 **x**").entities).toEqual([{ type: "bold", offset: 9, length: 1 }]);
  });

  test("makes only messages that Telegram takes and shows as they are, of any text", () => {
    fc.assert(
      fc.property(anyMarkdown, (markdown) => {
        for (const { text, entities } of formatReply(markdown)) {
          expect(text.length).toBeLessThanOrEqual(MESSAGE_LIMIT);
          expect(text.trim()).not.toBe("");
          expect(text.isWellFormed()).toBe(true);
          expect(entities.length).toBeLessThanOrEqual(ENTITY_LIMIT);
          expect(entityRefusal(text, entities)).toBeNull();
          expect(entityWarnings(text, entities)).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("preserves every letter and digit of plain words", () => {
    const words = fc
      .array(fc.stringMatching(/^[\p{L}\p{Nd}]{1,12}$/u), { minLength: 1, maxLength: 60 })
      .map((list) => list.map((word) => `w${word}`).join(" "));
    fc.assert(
      fc.property(words, (text) => {
        expect(
          formatReply(text)
            .map((message) => message.text)
            .join(" "),
        ).toBe(text);
      }),
    );
  });

  test.each([
    ["quotes", ">".repeat(20_000)],
    ["brackets", "[".repeat(9_000)],
    ["stars", "*a ".repeat(2_500)],
    ["lists", "- ".repeat(2_000)],
    ["words without an end", "x".repeat(150_000)],
  ])("survives endless %s", (_, markdown) => {
    expect(flat(formatReply(markdown)).length).toBeGreaterThan(0);
  });

  test("shows lists that are nested too deeply as they are written: the parser would keep the object for minutes", () => {
    const markdown = `${"- ".repeat(30)}a`;
    expect(formatReply(markdown).map(({ text }) => text)).toEqual([markdown]);
  });

  test("formats a long reply to its end, with code blocks whole", () => {
    const part = (index: number) =>
      `Part ${index} has **bold**, a [link](https://a.example/${index}) and\n\n\`\`\`js\nlet a = ${index};\n\nlet b;\n\`\`\``;
    const messages = formatReply(Array.from({ length: 600 }, (_, index) => part(index)).join("\n\n"));
    const found = messages.flatMap((message) =>
      message.entities.map((entity) => ({ ...entity, text: message.text.slice(entity.offset, entity.offset + entity.length) })),
    );
    expect(found.filter(({ type, text }) => type === "bold" && text === "bold")).toHaveLength(600);
    expect(found.filter(({ type }) => type === "text_link").map((entity) => Reflect.get(entity, "url"))).toEqual(
      Array.from({ length: 600 }, (_, index) => `https://a.example/${index}`),
    );
    expect(found.filter(({ type, text }) => type === "pre" && /^let a = \d+;\n\nlet b;$/.test(text)).length).toBeGreaterThan(580);
    expect(flat(messages)).not.toContain("`");
  });

  test.each(LONE_SURROGATES)("replaces a lone surrogate", (text) => {
    for (const message of formatReply(text)) expect(message.text.isWellFormed()).toBe(true);
  });

  test("gives no message for text without anything to see", () => {
    for (const text of ["", " \n\t", "[ref]: https://a.example", "```\n\n```"]) expect(formatReply(text)).toEqual([]);
  });
});

describe("splitRuns()", () => {
  test("keeps everything but white space, in messages of at most the limit", () => {
    fc.assert(
      fc.property(anyMarkdown, fc.integer({ min: 20, max: 200 }), (markdown, limit) => {
        const runs = markdownToRuns(markdown);
        const messages = splitRuns(runs, limit);
        expect(flat(messages)).toBe(textOf(runs).replaceAll(/\s/g, ""));
        for (const message of messages) {
          expect(message.text.length).toBeLessThanOrEqual(limit);
          expect(message.text.isWellFormed()).toBe(true);
          expect(entityRefusal(message.text, message.entities)).toBeNull();
        }
      }),
      { numRuns: 500 },
    );
  });

  test("cuts at the end of a paragraph, else of a line, a sentence, a word, a character", () => {
    const parts = (text: string) => splitRuns(plainRuns(text), 20).map((message) => message.text);
    expect(parts("one two three.\n\nfour five six")).toEqual(["one two three.", "four five six"]);
    expect(parts("one two three\nfour five six seven")).toEqual(["one two three", "four five six seven"]);
    expect(parts("One two three. Four five six seven")).toEqual(["One two three.", "Four five six seven"]);
    expect(parts("one two three four five six")).toEqual(["one two three four", "five six"]);
    expect(parts("x".repeat(45))).toEqual(["x".repeat(20), "x".repeat(20), "x".repeat(5)]);
    expect(parts("👩‍👩‍👧".repeat(5))).toEqual(["👩‍👩‍👧".repeat(2), "👩‍👩‍👧".repeat(2), "👩‍👩‍👧"]);
    expect(parts(`e${"\u0301".repeat(50)}`)).toHaveLength(3);
    expect(parts("😀".repeat(15)).every((part) => part.isWellFormed())).toBe(true);
  });

  test("goes on with code, quotes and bold in the next message", () => {
    const messages = splitRuns(markdownToRuns("```js\naaaa aaaa\nbbbb bbbb\ncccc cccc\n```"), 20);
    expect(messages.map((message) => [message.text, message.entities])).toEqual([
      ["aaaa aaaa\nbbbb bbbb", [{ type: "pre", language: "js", offset: 0, length: 19 }]],
      ["cccc cccc", [{ type: "pre", language: "js", offset: 0, length: 9 }]],
    ]);
    expect(splitRuns(markdownToRuns(`**${"bold ".repeat(10)}end**`), 20).every((message) => message.entities[0]?.type === "bold")).toBe(
      true,
    );
  });

  test("rather cuts before a code block than inside it", () => {
    const [first, second] = splitRuns(markdownToRuns("Some words here.\n\n```\na\n\nb\n```"), 21);
    expect(first?.text).toBe("Some words here.");
    expect(second?.text).toBe("a\n\nb");
  });

  test("keeps the indentation of code that comes first in a message", () => {
    const [, second] = splitRuns(markdownToRuns("```\naaaaaaaaaaaaaaa\n    bbbbbbbbbbbbb\n```"), 20);
    expect(second?.text).toBe("    bbbbbbbbbbbbb");
  });

  test("has at most 100 entities in a message and loses none", () => {
    const messages = formatReply(Array.from({ length: 250 }, (_, index) => `**b${index}**`).join(" x "));
    expect(messages.length).toBeGreaterThan(2);
    expect(messages.every((message) => message.entities.length <= ENTITY_LIMIT)).toBe(true);
    expect(messages.flatMap((message) => message.entities)).toHaveLength(250);
  });
});

describe("sliceRuns()", () => {
  test("cuts a text in two whose halves make it whole, formatted as before", () => {
    fc.assert(
      fc.property(anyMarkdown, fc.nat(), (markdown, at) => {
        const runs = markdownToRuns(markdown);
        const text = textOf(runs);
        const cut = at % (text.length + 1);
        const halves = [...sliceRuns(runs, 0, cut), ...sliceRuns(runs, cut, text.length)];
        expect(format(halves)).toEqual({ text, entities: entitiesOf(runs) });
      }),
    );
  });
});

test("plainReply() changes nothing but white space at the ends", () => {
  expect(plainReply("**not bold** <b>")).toEqual([{ text: "**not bold** <b>", entities: [] }]);
});
