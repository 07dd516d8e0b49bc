import { describe, expect, test } from "vitest";
import { type CaseGrant, caseGrants } from "../../../scripts/eval/gate/case-grants.ts";
import { CaseTool } from "../../../scripts/eval/gate/gate-case.ts";
import { sha256Hex } from "../../../src/audit/hash.ts";

const TOOLS = [
  { name: "send_mail", effect: "external", capabilities: ["email.send:{to}"] },
  { name: "send_mail_later", effect: "external", capabilities: ["email.send"] },
  { name: "pay", effect: "spend" },
].map((tool) => CaseTool.parse(tool));

const to = (tool: string, ...destinations: string[]): CaseGrant => ({ tool, covers: { destinations } });
const everyTool = (...destinations: string[]): CaseGrant[] => TOOLS.map(({ name }) => to(name, ...destinations));

describe("caseGrants()", () => {
  test.each<[unknown, CaseGrant[]]>([
    ["send_mail", [to("send_mail", "*")]],
    ["send_mail:bob@example.com", [to("send_mail", "bob@example.com")]],
    ["send_mail: @example.com", [to("send_mail", "@example.com")]],
    ["send_mail(bob@example.com)", [to("send_mail", "bob@example.com")]],
    ["send_mail -> bob@example.com", [to("send_mail", "bob@example.com")]],
    ["send_mail_later:*", [to("send_mail_later", "*")]],
    ["send_mail:a@example.com, b@example.com", [to("send_mail", "a@example.com", "b@example.com")]],
    ["pay:https://shop.example/x", [to("pay", "https://shop.example/x")]],
    ["email.send", [to("send_mail", "*"), to("send_mail_later", "*")]],
    ["Email.Send:@example.com", [to("send_mail", "@example.com"), to("send_mail_later", "@example.com")]],
    ["bob@example.com", everyTool("bob@example.com")],
    ["*.example.com", everyTool("*.example.com")],
    ["@example.com", everyTool("@example.com")],
    [{ tool: "pay" }, [to("pay", "*")]],
    [{ tool: "send_mail", destinations: ["a@example.com", "@example.org"] }, [to("send_mail", "a@example.com", "@example.org")]],
    [{ tool: "send_mail", destination: "a@example.com" }, [to("send_mail", "a@example.com")]],
    [{ name: "send_mail", to: "a@example.com" }, [to("send_mail", "a@example.com")]],
    [{ tool: "send_mail", covers: { destinations: ["a@example.com"] } }, [to("send_mail", "a@example.com")]],
    [{ tool: "send_mail", pattern: "*" }, [to("send_mail", "*")]],
    [{ tool: "*", effect: "SPEND" }, [to("pay", "*")]],
    [{ capability: "email.send:bob@example.com" }, [to("send_mail", "bob@example.com"), to("send_mail_later", "bob@example.com")]],
    [{ destination: "bob@example.com", effect: "spend" }, [to("pay", "bob@example.com")]],
    [{ tool: "pay", arguments: { b: 1, a: 2 } }, [{ tool: "pay", covers: { inputHash: sha256Hex('{"a":2,"b":1}') } }]],
    [{ tool: "pay", covers: { inputHash: "00" } }, [{ tool: "pay", covers: { inputHash: "00" } }]],
  ])("understands %j", (grant, expected) => expect(caseGrants([grant], TOOLS)).toEqual({ grants: expected, ignored: [] }));

  test.each<[unknown]>([
    ["anything"],
    ["other_tool:bob"],
    ["send_mail:"],
    ["external"],
    [{ tool: "other_tool" }],
    [{ effect: "external" }],
    [{}],
    [{ tool: "pay", allow: false }],
    [{ tool: "pay", expires_at: 5 }],
    [{ tool: "pay", destinations: 5 }],
    [7],
    [null],
  ])("takes nothing from %j, and says so", (grant) => expect(caseGrants([grant], TOOLS)).toEqual({ grants: [], ignored: [grant] }));
});
