import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toApiError, withQuery } from "../../src/web/api/client.ts";
import { commandPrefix, completeCommand, matchCommands } from "../../src/web/chat/command-completion.ts";
import { toolTitle } from "../../src/permission/tool-title.ts";
import { bytes, compact, dollars } from "../../src/web/lib/format.ts";
import { safeLink } from "../../src/web/lib/safe-link.ts";
import { nextSpoken } from "../../src/web/lib/spoken.ts";
import { dayName, daysFrom } from "../../src/web/lib/time.ts";

describe("safeLink()", () => {
  it("lets only http, https and mailto through", () => {
    expect(safeLink("https://example.com/a?b=1")).toBe("https://example.com/a?b=1");
    expect(safeLink("mailto:a@b.example")).toBe("mailto:a@b.example");
    for (const bad of [
      "javascript:alert(1)",
      " JaVaScRiPt:alert(1)",
      "java\nscript:alert(1)",
      "data:text/html,x",
      "vbscript:x",
      "file:///etc/passwd",
      "blob:x",
      "//host",
      "",
      "/todos",
    ])
      expect({ bad, link: safeLink(bad) }).toEqual({ bad, link: null });
  });

  it("never returns an address with another scheme, whatever comes in", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((rest) => `javascript:${rest}`),
          fc.webUrl(),
        ),
        (text) => {
          const link = safeLink(text);
          return link === null || /^(https?:|mailto:)/u.test(link);
        },
      ),
    );
  });
});

describe("commandPrefix()", () => {
  it("is the first word while the caret is in it", () => {
    expect(commandPrefix("/ta", 3)).toBe("ta");
    expect(commandPrefix("/", 1)).toBe("");
    expect(commandPrefix("/Task", 5)).toBe("task");
  });

  it("is null elsewhere", () => {
    expect(commandPrefix("/task add", 9)).toBeNull();
    expect(commandPrefix("hello /ta", 9)).toBeNull();
    expect(commandPrefix("/task", 0)).toBeNull();
    expect(commandPrefix("", 0)).toBeNull();
  });
});

describe("matchCommands()", () => {
  it("puts commands that begin with the prefix first", () => {
    const commands = ["restart", "start", "status"].map((name) => ({ name, description: "", usage: "" }));
    expect(matchCommands(commands, "sta").map((command) => command.name)).toEqual(["start", "status", "restart"]);
  });
});

describe("completeCommand()", () => {
  it("replaces the first word and keeps the rest", () => {
    expect(completeCommand("/ta buy milk", { name: "task", description: "", usage: "" })).toEqual({ text: "/task buy milk", caret: 6 });
  });
});

describe("nextSpoken()", () => {
  it("speaks whole sentences, each once", () => {
    const first = nextSpoken("It works. And th", 0, false);
    expect(first).toEqual({ speak: "It works.", said: 10 });
    expect(nextSpoken("It works. And then", first.said, false).speak).toBe("");
    expect(nextSpoken("It works. And then", first.said, true).speak).toBe("And then");
  });

  it("says everything exactly once, however the text arrives", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z .\n]{0,20}$/u), { maxLength: 10 }), (parts) => {
        let text = "";
        let said = 0;
        const spoken: string[] = [];
        for (const [index, part] of parts.entries()) {
          text += part;
          const next = nextSpoken(text, said, index === parts.length - 1);
          expect(next.said).toBeGreaterThanOrEqual(said);
          said = next.said;
          spoken.push(next.speak);
        }
        const words = (value: string) => value.split(/\s+/u).filter(Boolean).join("");
        expect(words(spoken.join(""))).toBe(words(text));
      }),
    );
  });

  it("does not read code aloud", () => {
    expect(nextSpoken("Look:\n```js\nconst a = 1;\n```\n", 0, true).speak).toBe("Look: code block");
  });
});

describe("dollars()", () => {
  it("shows small amounts with enough digits", () => {
    expect([0, 12, 1_234, 99_000, 1_500_000, null].map(dollars)).toEqual([
      "$0.00",
      "< $0.0001",
      "$0.0012",
      "$0.0990",
      "$1.50",
      "price unknown",
    ]);
  });
});

describe("compact()", () => {
  it("shortens thousands and millions", () => {
    expect([0, 999, 1000, 12_340, 999_499, 1_500_000].map(compact)).toEqual(["0", "999", "1k", "12.3k", "999k", "1.5M"]);
  });
});

describe("bytes()", () => {
  it("uses the unit that fits", () => {
    expect([500, 2048, 5_242_880].map(bytes)).toEqual(["500 B", "2 KB", "5.0 MB"]);
  });
});

describe("toolTitle()", () => {
  it("reads like words", () => {
    expect(toolTitle("add_todo")).toBe("Add to-do");
    expect(toolTitle("run_javascript")).toBe("Run JavaScript");
  });
});

describe("daysFrom()", () => {
  it("counts calendar days, not 24 hours", () => {
    const late = new Date(2026, 10, 20, 23, 50).getTime();
    expect(daysFrom(late, new Date(2026, 10, 21, 0, 10).getTime())).toBe(1);
    expect(daysFrom(late, new Date(2026, 10, 20, 0, 0).getTime())).toBe(0);
  });
});

describe("dayName()", () => {
  it("names near days by word and far ones by date", () => {
    const now = new Date(2026, 10, 20, 12).getTime();
    const on = (day: number) => dayName(now, new Date(2026, 10, day, 9).getTime(), "en-GB");
    expect([on(19), on(20), on(21), on(24)]).toEqual(["Yesterday", "Today", "Tomorrow", "Tuesday"]);
    expect(dayName(now, new Date(2027, 0, 5).getTime(), "en-GB")).toContain("2027");
  });
});

describe("withQuery()", () => {
  it("encodes values and leaves undefined ones out", () => {
    expect(withQuery("/a", { q: "a&b=c", limit: 5, before: undefined })).toBe("/a?q=a%26b%3Dc&limit=5");
    expect(withQuery("/a", {})).toBe("/a");
  });
});

describe("toApiError()", () => {
  it("takes the code and sentence of the API", () => {
    expect(toApiError(404, { error: { code: "not_found", message: "No such to-do." } })).toMatchObject({
      code: "not_found",
      message: "No such to-do.",
      status: 404,
    });
  });

  it("makes a sentence of anything else", () => {
    for (const body of [null, "x", 5, {}, { error: null }, { error: "x" }, []])
      expect(toApiError(502, body)).toMatchObject({ code: "unexpected", status: 502 });
  });
});
