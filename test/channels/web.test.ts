import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InboundMessage } from "../../src/channels/message.ts";
import { web, type WebRaw } from "../../src/channels/web.ts";
import { anyText } from "./samples.ts";
import { channelConformance } from "../conformance/channel.ts";

const say = (frame: Partial<Extract<WebRaw["frame"], { type: "say" }>>): WebRaw => ({
  userId: "alice",
  frame: { type: "say", id: "frame-1", text: "hi", ...frame },
});

const hash = async (raw: WebRaw): Promise<string> => {
  const parsed = await web.parse(raw, 7);
  if (parsed.kind !== "message") throw new Error(parsed.kind);
  return parsed.message.bodyHash;
};

describe("web.parse()", () => {
  test("keeps every text as the user's word, unchanged, under the frame's id", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const parsed = await web.parse(say({ text }), 7);
        if (parsed.kind !== "message") throw new Error(parsed.kind);
        expect(InboundMessage.parse(parsed.message)).toEqual(parsed.message);
        expect(parsed.message).toMatchObject({ text, key: "frame-1", channel: "web", sentAt: 7, replyTo: { channel: "web" } });
      }),
    );
  });

  test("gives a repeat of a frame the same hash, though its id is new", async () => {
    expect(await hash(say({ id: "a" }))).toBe(await hash(say({ id: "b" })));
    expect(await hash(say({ text: "a" }))).not.toBe(await hash(say({ text: "b" })));
  });

  test("says which message an edit replaces", async () => {
    const parsed = await web.parse({ userId: "alice", frame: { type: "edit", id: "e", message_id: "m1", text: "better" } }, 7);
    expect(parsed).toMatchObject({ kind: "message", message: { replaces: "m1", text: "better" } });
  });

  test("lets a person with an unknown time zone speak", async () => {
    const parsed = await web.parse(say({ time_zone: "Mars/Olympus" }), 7);
    expect(parsed.kind === "message" && parsed.message.timeZone).toBeUndefined();
  });

  test.each([
    ["an empty message", say({ text: "  " }), "invalid_request"],
    ["half a surrogate pair", say({ text: "a\udfff" }), "invalid_request"],
    ["somebody else's file", say({ files: [{ key: "u/bob/x", name: "x", mime: "a/b", size: 1 }] }), "not_found"],
  ])("refuses %s", async (_what, raw, code) => {
    expect(await web.parse(raw, 7)).toMatchObject({ kind: "invalid", error: { code } });
  });
});

channelConformance({
  name: "web",
  channel: web,
  word: true,
  typed: (text, delivery) => say({ text, id: delivery }),
  // What the page can send along is files, and they are named, not quoted.
  foreign: {},
});
