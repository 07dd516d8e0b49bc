import { describe, expect, test } from "vitest";
import { egress } from "../../scripts/eval/egress.ts";

const configured = (...args: string[]) => egress.configure?.(args) ?? egress;

describe("egress", () => {
  test("answers each line as it is, with a reason in both cases", () => {
    expect(egress.answer("https://example.com/a#b")).toEqual({
      url: "https://example.com/a#b",
      allowed: true,
      reason: "A public address.",
    });
    expect(egress.answer("http://2130706433/")).toEqual({
      url: "http://2130706433/",
      allowed: false,
      reason: "127.0.0.1 is an address of a private or reserved network.",
    });
    expect(egress.answer("# comment")).toMatchObject({ url: "# comment", allowed: false });
  });

  test("judges what names stand for, by the name as the network knows it", () => {
    const one = configured(
      "--resolve",
      "Rebind.Example.COM.=10.0.0.1",
      "--resolve=six.example.com=[::1]",
      "--resolve",
      "ok.example.com=8.8.8.8,1.1.1.1",
    );
    expect(one.answer("https://rebind.example.com./x")).toEqual({
      url: "https://rebind.example.com./x",
      allowed: false,
      reason: "rebind.example.com leads to 10.0.0.1, which is an address of a private or reserved network.",
    });
    expect(one.answer("https://six.example.com/")).toMatchObject({ allowed: false });
    expect(one.answer("https://ok.example.com/")).toMatchObject({ allowed: true });
    expect(one.answer("https://sub.rebind.example.com/")).toMatchObject({ allowed: true });
    expect(egress.answer("https://rebind.example.com/")).toMatchObject({ allowed: true });
  });

  test("takes several addresses for one name, and any private one refuses", () => {
    const several = configured("--resolve", "a.example.com=8.8.8.8", "--resolve", "a.example.com=fd00::1");
    expect(several.answer("https://a.example.com/")).toMatchObject({ allowed: false });
    expect(configured("--resolve", "a.example.com=8.8.8.8,192.168.0.1").answer("http://A.example.com:8080/")).toMatchObject({
      allowed: false,
    });
    expect(configured("--resolve", "a.example.com=0x7f.1").answer("http://a.example.com/")).toMatchObject({ allowed: false });
  });

  test.each([
    ["--other", "x"],
    ["--resolve"],
    ["--resolve", "a.example.com"],
    ["--resolve", "a.example.com=host"],
    ["--resolve", "=1.2.3.4"],
    ["--resolve", "a/b=1.2.3.4"],
  ])("refuses %s %s with the usage", (...args) => expect(() => configured(...args)).toThrow(/usage: npm run eval -- egress/));
});
