import { describe, expect, test } from "vitest";
import { whyAutomatic } from "../../../src/channels/email/automatic.ts";

const from = { name: "from", value: "Ana <ana@example.com>" };
const why = (headers: { name: string; value: string }[], envelope = "ana@example.com") =>
  whyAutomatic([from, ...headers], envelope, "margay.example.com");

describe("whyAutomatic()", () => {
  test.each([
    ["nothing in particular", []],
    ["Auto-Submitted: no", [{ name: "auto-submitted", value: "no" }]],
    ["Precedence: first-class", [{ name: "precedence", value: "first-class" }]],
    ["X-Auto-Response-Suppress: None", [{ name: "x-auto-response-suppress", value: "None" }]],
  ])("lets a person's mail with %s be answered", (_, headers) => {
    expect(why(headers)).toBeNull();
  });

  test.each([
    ["auto-submitted", "auto-replied"],
    ["auto-submitted", "auto-generated; owner-email=x@example.com"],
    ["auto-submitted", "Auto-Notified"],
    ["auto-submitted", ""],
    ["precedence", "bulk"],
    ["precedence", " List"],
    ["precedence", "junk"],
    ["list-id", "<l.example.com>"],
    ["list-unsubscribe", "<mailto:x@example.com>"],
    ["x-auto-response-suppress", "All"],
    ["x-auto-response-suppress", "OOF, AutoReply"],
    ["x-autoreply", "yes"],
    ["content-type", "multipart/report; report-type=delivery-status"],
  ])("never answers a mail with %s: %s", (name, value) => {
    expect(why([{ name, value }])).toMatch(/./);
  });

  test.each([
    "",
    "<>",
    "mailer-daemon@example.com",
    "MAILER-DAEMON@example.com",
    "no-reply@example.com",
    "noreply+7@example.com",
    "bounces-1@example.com",
  ])("never answers a mail from <%s>", (envelope) => {
    expect(why([], envelope)).toMatch(/./);
  });

  test("never answers Margay's own domain, by envelope or by From", () => {
    expect(why([], "bob-1@margay.example.com")).toMatch(/own domain/);
    expect(whyAutomatic([{ name: "from", value: "bob-1@margay.example.com" }], "x@example.com", "margay.example.com")).toMatch(
      /own domain/,
    );
  });
});
