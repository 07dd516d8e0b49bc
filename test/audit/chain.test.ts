import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { auditCsv } from "../../src/audit/csv.ts";
import { AuditEntry, GENESIS, sealedText, verifyChain } from "../../src/audit/entry.ts";
import { sha256Hex } from "../../src/audit/hash.ts";

type Open = Omit<AuditEntry, "seq" | "prev" | "hash">;

const open = fc.record<Open>({
  at: fc.integer({ min: 0, max: 4e12 }),
  kind: fc.constantFrom("message", "turn", "call", "result", "approval", "grant", "config", "secret", "schedule"),
  event: fc.string({ maxLength: 10 }),
  actor: fc.constantFrom("user", "agent", "system"),
  channel: fc.option(fc.string({ maxLength: 5 })),
  turn_id: fc.option(fc.uuid()),
  subject: fc.option(fc.uuid()),
  tool: fc.option(fc.string({ maxLength: 10 })),
  effect: fc.option(fc.string({ maxLength: 10 })),
  reason: fc.option(fc.string()),
  basis: fc.option(fc.uuid()),
  destinations: fc.array(fc.string(), { maxLength: 3 }),
  tainted: fc.boolean(),
  saw: fc.array(fc.string(), { maxLength: 3 }),
  input_hash: fc.option(fc.constant("a".repeat(64))),
  output_hash: fc.option(fc.constant("b".repeat(64))),
  summary: fc.string({ unit: "grapheme" }),
  cost_micro_usd: fc.option(fc.integer()),
});

/** A chain as the store makes it. */
function chainOf(entries: readonly Open[]): AuditEntry[] {
  let prev = GENESIS;
  return entries.map((entry, index) => {
    const whole = { ...entry, seq: index + 1, prev };
    const sealed = { ...whole, hash: sha256Hex(sealedText(whole)) };
    prev = sealed.hash;
    return sealed;
  });
}

const chains = fc.array(open, { minLength: 2, maxLength: 8 }).map(chainOf);

describe("verifyChain()", () => {
  test("finds nothing wrong with a chain, however it was written down in between", () => {
    fc.assert(
      fc.property(chains, (chain) => {
        const read = JSON.parse(JSON.stringify(chain)).map((entry: unknown) => AuditEntry.parse(entry));
        expect(verifyChain(read, sha256Hex)).toEqual({ fault: null, head: { seq: chain.length, hash: chain.at(-1)?.hash } });
      }),
    );
  });

  test("finds every change of a field, wherever it is", () => {
    fc.assert(
      fc.property(chains, fc.nat(), fc.constantFrom(...(Object.keys(AuditEntry.shape) as (keyof AuditEntry)[])), (chain, at, field) => {
        const index = at % chain.length;
        const changed = chain.map((entry, i) => (i === index ? { ...entry, [field]: other(entry[field]) } : entry));
        expect(verifyChain(changed, sha256Hex).fault?.seq).toBeDefined();
      }),
    );
  });

  test("finds a changed entry that was sealed anew, unless it is the newest", () => {
    fc.assert(
      fc.property(chains, fc.nat(), (chain, at) => {
        const index = at % (chain.length - 1);
        const forged = chain.map((entry, i) => {
          if (i !== index) return entry;
          const changed = { ...entry, summary: `${entry.summary}!` };
          return { ...changed, hash: sha256Hex(sealedText(changed)) };
        });
        expect(verifyChain(forged, sha256Hex).fault?.seq).toBe(index + 2);
      }),
    );
  });

  test("finds every removal but that of the end, every insertion and every reordering", () => {
    fc.assert(
      fc.property(chains, fc.nat(), fc.nat(), (chain, a, b) => {
        const [from, to] = [a % chain.length, b % chain.length];
        const entry = chain[from];
        if (entry === undefined) return;
        if (from < chain.length - 1) expect(verifyChain(chain.toSpliced(from, 1), sha256Hex).fault).not.toBeNull();
        expect(verifyChain(chain.toSpliced(to, 0, entry), sha256Hex).fault).not.toBeNull();
        if (from !== to) expect(verifyChain(chain.toSpliced(from, 1).toSpliced(to, 0, entry), sha256Hex).fault).not.toBeNull();
        // The end that was cut off is missing from the head only, which is why it is written down outside.
        expect(verifyChain(chain.slice(0, -1), sha256Hex).head.seq).toBe(chain.length - 1);
      }),
    );
  });
});

/** Another value of the same kind. */
function other(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (typeof value === "string") return `${value}x`;
  return Array.isArray(value) ? [...value, "x"] : "x";
}

describe("auditCsv()", () => {
  const csvOf = async (entries: AuditEntry[]): Promise<string> => {
    let text = "";
    async function* pages() {
      yield entries;
    }
    for await (const part of auditCsv(pages())) text += part;
    return text;
  };

  test("quotes what has to be, and lets no cell be a formula", async () => {
    const [entry] = chainOf([
      {
        ...fc.sample(open, 1)[0]!,
        summary: '=HYPERLINK("https://evil.example")',
        event: "a,b",
        reason: "two\nlines",
        destinations: ["@x", "y"],
      },
    ]);
    if (entry === undefined) throw new Error("no entry");
    const text = await csvOf([entry]);
    expect(text).toContain(`"'=HYPERLINK(""https://evil.example"")"`);
    expect(text).toContain('"a,b"');
    expect(text).toContain('"two\nlines"');
    expect(text).toContain("'@x y");
  });

  test("begins no cell with a sign that a spreadsheet runs", async () => {
    await fc.assert(
      fc.asyncProperty(chains, async (chain) => {
        const text = await csvOf(chain);
        for (const cell of text.split(/(?:,|\r\n)(?=(?:[^"]*"[^"]*")*[^"]*$)/)) expect(cell).not.toMatch(/^"?[=+@\t\r]/);
      }),
      { numRuns: 30 },
    );
  });
});

describe("npm run verify-audit", () => {
  const run = async (...args: string[]) => {
    try {
      const { stdout } = await promisify(execFile)("node_modules/.bin/tsx", ["scripts/verify-audit.ts", ...args]);
      return { code: 0, text: stdout };
    } catch (error) {
      const { code, stderr } = error as { code: number; stderr: string };
      return { code, text: stderr };
    }
  };

  test("tells a whole trail from one that was changed, cut, or cannot be read", async () => {
    const folder = await mkdtemp(join(tmpdir(), "margay-audit-"));
    const file = async (name: string, content: unknown): Promise<string> => {
      const path = join(folder, name);
      await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
      return path;
    };
    try {
      const chain = chainOf(fc.sample(open, 5));
      const whole = await file("whole.json", chain);
      const head = chain.at(-1);
      const anchor = await file("anchor.json", { user_id: "u", seq: head?.seq, hash: head?.hash, at: 1 });
      expect(await run(whole, anchor)).toMatchObject({ code: 0, text: expect.stringContaining("5 entries, nothing is wrong") });
      const changed = await file("changed.json", chain.with(2, { ...chain[2]!, summary: "nothing to see" }));
      expect(await run(changed)).toMatchObject({ code: 1, text: expect.stringContaining("entry 3: it was changed") });
      const cut = await file("cut.json", chain.slice(0, 3));
      expect((await run(cut)).code).toBe(0);
      expect(await run(cut, anchor)).toMatchObject({ code: 1, text: expect.stringContaining("entry 5 is not the one") });
      expect((await run(await file("bad.json", "{"))).code).toBe(2);
      expect((await run(join(folder, "nothing.json"))).code).toBe(2);
      expect((await run()).code).toBe(2);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);
});
