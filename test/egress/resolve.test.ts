import { describe, expect, test } from "vitest";
import { judgeAddresses } from "../../src/egress/judge-addresses.ts";
import { type Fetch, resolveWith } from "../../src/egress/resolve.ts";

/** Answers by the type that is asked for; remembers what was asked. */
function dns(answers: Record<"A" | "AAAA", unknown>): { fetch: Fetch; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    fetch: async (url, init) => {
      asked.push(`${url} ${new Headers(init.headers).get("accept")}`);
      const answer = answers[new URL(url).searchParams.get("type") as "A" | "AAAA"];
      if (answer instanceof Error) throw answer;
      return answer instanceof Response ? answer : Response.json(answer);
    },
  };
}
const none = { Status: 0 };
const gone = { Status: 3 };
const a = (...data: string[]) => ({ Status: 0, Answer: data.map((ip) => ({ name: "x", type: 1, TTL: 60, data: ip })) });
const aaaa = (...data: string[]) => ({ Status: 0, Answer: data.map((ip) => ({ name: "x", type: 28, TTL: 60, data: ip })) });
const cname = { Status: 0, Answer: [{ name: "x", type: 5, TTL: 1, data: "y.example.org." }, ...a("8.8.8.8").Answer] };

describe("resolveWith()", () => {
  test("asks for both kinds of addresses as Cloudflare documents it", async () => {
    const { fetch, asked } = dns({ A: none, AAAA: none });
    await resolveWith(fetch)("example.com");
    expect(asked).toEqual([
      "https://cloudflare-dns.com/dns-query?name=example.com&type=A application/dns-json",
      "https://cloudflare-dns.com/dns-query?name=example.com&type=AAAA application/dns-json",
    ]);
  });

  test.each([
    [
      "both kinds",
      a("8.8.8.8", "10.0.0.1"),
      aaaa("2606:4700::1"),
      { kind: "addresses", addresses: ["8.8.8.8", "10.0.0.1", "2606:4700::1"] },
    ],
    ["addresses behind another name", cname, none, { kind: "addresses", addresses: ["8.8.8.8"] }],
    ["one kind, the other unreachable", a("8.8.8.8"), new Error("down"), { kind: "addresses", addresses: ["8.8.8.8"] }],
    ["no such name", gone, gone, { kind: "no_such_host" }],
    ["no such name, said once", gone, new Error("down"), { kind: "no_such_host" }],
    ["a name without addresses", none, none, { kind: "no_such_host" }],
    ["half of that", none, new Error("down"), { kind: "unknown" }],
    ["SERVFAIL", { Status: 2 }, { Status: 2 }, { kind: "unknown" }],
    ["nobody there", new Error("down"), new Error("down"), { kind: "unknown" }],
    ["an error status", new Response("no", { status: 500 }), new Response("no", { status: 500 }), { kind: "unknown" }],
    ["no JSON", new Response("<html>"), new Response("<html>"), { kind: "unknown" }],
    ["JSON of another shape", { Status: "0" }, [], { kind: "unknown" }],
  ])("understands %s", async (_what, A, AAAA, expected) => {
    expect(await resolveWith(dns({ A, AAAA }).fetch)("example.com")).toEqual(expected);
  });
});

describe("judgeAddresses()", () => {
  test("refuses when one of several is private, or no address at all", () => {
    expect(judgeAddresses("a.example.com", ["8.8.8.8", "2606:4700::1"])).toBeNull();
    expect(judgeAddresses("a.example.com", [])).toBeNull();
    for (const bad of ["127.0.0.1", "::1", "::ffff:8.8.8.8", "what"]) {
      expect(judgeAddresses("a.example.com", ["8.8.8.8", bad])).toContain(`a.example.com leads to ${bad}`);
    }
  });
});
