import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { command, CommandBody } from "../../src/channels/command.ts";
import { InboundMessage } from "../../src/channels/message.ts";
import { anyText } from "./samples.ts";
import type { CommandRaw } from "../../src/channels/command.ts";
import { channelConformance } from "../conformance/channel.ts";

describe("command.parse()", () => {
  test("keeps the message as the user's word and the context as content", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (message, context) => {
        const body = CommandBody.parse({ channel: "kiosk", message, context });
        const parsed = await command.parse({ key: "k", body }, 1);
        if (parsed.kind !== "message") throw new Error(parsed.kind);
        expect(InboundMessage.parse(parsed.message)).toEqual(parsed.message);
        expect(parsed.message.text).toBe(message);
        expect(parsed.message.content).toEqual([{ kind: "context", origin: "context field (kiosk)", text: context }]);
      }),
    );
  });

  test("CommandBody refuses a body without a channel or a message", () => {
    for (const body of [
      { message: "hi" },
      { channel: "x" },
      { channel: "x", message: " " },
      { channel: "", message: "hi" },
      [],
      null,
      "hi",
    ])
      expect(CommandBody.safeParse(body).success).toBe(false);
  });
});

const raw = (body: CommandBody, key = "k"): CommandRaw => ({ key, body });
channelConformance({
  name: "command",
  channel: command,
  word: true,
  typed: (message, delivery) => raw({ channel: "kiosk", message }, delivery),
  foreign: {
    "a context text": (context, message) => raw({ channel: "kiosk", message, context }),
    "a context list": (context, message) => raw({ channel: "kiosk", message, context: [context] }),
  },
});
