import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closest } from "../../src/commands/closest.ts";
import { commands, parseCommand, runCommand } from "../../src/commands/registry.ts";
import { fakeContext } from "./fake-context.ts";

const run = (text: string, context = fakeContext().context): Promise<string> => {
  const command = parseCommand(text);
  if (!command) throw new Error(`not a command: ${text}`);
  return runCommand(command, context);
};

describe("parseCommand()", () => {
  test("reads name and arguments, also as Telegram writes them", () => {
    expect(parseCommand("/task add milk")).toEqual({ name: "task", args: "add milk" });
    expect(parseCommand("  /HELP  ")).toEqual({ name: "help", args: "" });
    expect(parseCommand("/new@margay_bot")).toEqual({ name: "new", args: "" });
    expect(parseCommand("/task add\nline two")).toEqual({ name: "task", args: "add\nline two" });
  });

  test("leaves everything else a message", () => {
    for (const text of ["/usr/bin is a path", "/ hello", "//", "/", "hello /task", "/1", "/task-list", "/ta.sk", ""])
      expect(parseCommand(text)).toBeNull();
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const command = parseCommand(`/${text}`);
        if (command) expect(command.name).toMatch(/^[a-z][a-z0-9_]*$/);
      }),
    );
  });
});

describe("runCommand()", () => {
  test("answers an unknown command with the closest one", async () => {
    expect(await run("/staus")).toBe("There is no command /staus. Did you mean /status?");
    expect(await run("/hepl")).toBe("There is no command /hepl. Did you mean /help?");
    expect(await run("/xyzzyxyz")).toBe("There is no command /xyzzyxyz. /help shows all of them.");
  });

  test.each([
    ["/todo", "/task"],
    ["/skills", "/skill"],
    ["/plans", "/plan"],
    ["/stop", "/cancel"],
    ["/reminders", "/remind"],
    ["/models", "/model"],
  ])("takes %s for %s, which lists name alone", async (typed, meant) => {
    expect(await run(typed)).toBe(await run(meant));
    expect(await run(`/help ${typed}`)).toBe(await run(`/help ${meant}`));
    expect(await run("/help")).not.toContain(`${typed}*`);
  });

  test("/task with a number alone adds nothing", async () => {
    const { context, calls } = fakeContext();
    expect(await run("/task 999", context)).toContain("There is no to-do and no background task 999.");
    expect(await run("/task #2", context)).toMatch(/^To-do 2: .*`\/task done 2`/su);
    expect(calls.map(([name]) => name)).not.toContain("add_todo");
  });

  test("knows every command of the product, each with help", async () => {
    expect(commands.map(({ name }) => name).toSorted()).toEqual([
      "activity",
      "approvals",
      "approve",
      "cancel",
      "check-in",
      "deny",
      "files",
      "grants",
      "help",
      "knowledge",
      "listen",
      "memory",
      "model",
      "new",
      "plan",
      "playbook",
      "remind",
      "schedule",
      "secrets",
      "skill",
      "start",
      "status",
      "task",
      "tasks",
      "undo",
      "whoami",
    ]);
    const help = await run("/help");
    for (const { name } of commands) {
      expect(help).toContain(`/${name}`);
      expect(await run(`/help ${name}`)).toContain(`/${name}`);
      expect(await run(`/${name}`)).not.toBe("");
    }
  });

  test("/start says how it is, /whoami who the user is, with names as plain text", async () => {
    expect(await run("/start")).toMatch(/Hello Ada \\\*L\\\*.*No language model is connected/s);
    expect(await run("/whoami")).toBe(
      "You are Ada \\*L\\* (ada@example.com), role owner, writing by telegram, time zone Europe/Oslo. Your id is `u1`.",
    );
  });

  test("/cancel, /new and /status act and say what happened", async () => {
    const { context, calls } = fakeContext();
    expect(await run("/cancel", context)).toBe("Stopped; 2 messages that waited were dropped.");
    expect(await run("/cancel", fakeContext({ cancel: async () => ({ stopped: 0, dropped: 0 }) }).context)).toBe("Nothing is running.");
    await run("/new", context);
    expect(calls).toEqual([["newConversation", null]]);
    expect(await run("/status", context)).toContain("Spent: $0.0015 today, $2.34 this month.");
  });

  test("/model shows, sets and resets the chain of a tier", async () => {
    const { context, calls } = fakeContext();
    expect(await run("/model", context)).toContain("offline/margay");
    await run("/model fast anthropic/claude-haiku, openai-compatible:groq/llama", context);
    await run("/model anthropic/claude-sonnet-5", context);
    await run("/model smart default", context);
    expect(calls).toEqual([
      ["setModel", { tier: "fast", chain: ["anthropic/claude-haiku", "openai-compatible:groq/llama"] }],
      ["setModel", { tier: "smart", chain: ["anthropic/claude-sonnet-5"] }],
      ["setModel", { tier: "smart", chain: null }],
    ]);
  });
});

describe("/task", () => {
  const CASES: Record<string, [name: string, input: unknown][]> = {
    "/task": [["list_todos", {}]],
    "/task list": [["list_todos", {}]],
    "/task list today": [["list_todos", { when: "today" }]],
    "/task list done": [["list_todos", { status: "done" }]],
    "/task list milk": [["list_todos", { search: "milk" }]],
    "/task film the workout video p1 due tomorrow": [["add_todo", { title: "film the workout video", priority: "p1", due: "tomorrow" }]],
    "/task add buy milk": [["add_todo", { title: "buy milk" }]],
    "/task done 2": [["list_todos", {}], ["complete_todo", { todo: "22222222" }]],
    "/task done 1 3": [["list_todos", {}], ["complete_todo", { todo: "11111111" }], ["complete_todo", { todo: "33333333" }]],
    "/task done the milk": [["complete_todo", { todo: "the milk" }]],
    "/task reopen milk": [["complete_todo", { todo: "milk", done: false }]],
    "/task edit 2 due friday p2": [["update_todo", { todo: "2", due: "friday", priority: "p2" }]],
    "/task edit 2 Buy oat milk": [["update_todo", { todo: "2", title: "Buy oat milk" }]],
    "/task edit 2 no due": [["update_todo", { todo: "2", due: "" }]],
    "/task edit milk due friday": [["update_todo", { todo: "milk", due: "friday" }]],
    "/task edit milk: oat milk p3": [["update_todo", { todo: "milk", title: "oat milk", priority: "p3" }]],
    "/task delete 1": [["list_todos", {}], ["delete_todo", { todo: "11111111" }]],
    "/task add": [],
    "/task done": [],
    "/task edit 2": [],
  }; // prettier-ignore
  test.each(Object.entries(CASES))("%j calls the tools it means", async (text, expected) => {
    const { context, calls } = fakeContext();
    expect(await run(text, context)).not.toBe("");
    expect(calls).toEqual(expected);
  });

  test("shows the list with numbers, dates and what is overdue", async () => {
    expect(await run("/task")).toBe("1. **Milk**\n2. **Bread** · due Fri 20 Nov 2026 (overdue)\n3. **Eggs**");
  });

  test("says in the tool's words why something was refused", async () => {
    const { context } = fakeContext({
      callTool: async () => ({ output: { error: "x" }, summary: "No to-do matches “x”.", status: "failed" }),
    });
    await expect(run("/task done x", context)).rejects.toThrow("No to-do matches “x”.");
  });
});

test("closest() finds slips of the finger and nothing far away", () => {
  expect(closest("taks", ["task", "new"])).toBe("task");
  expect(closest("canc", ["cancel", "new"])).toBe("cancel");
  expect(closest("weather", ["task", "new"])).toBeNull();
});
