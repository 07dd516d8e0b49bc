import * as fc from "fast-check";
import { expect, test } from "vitest";
import { byteRange } from "../../src/http/byte-range.ts";

test("byteRange() finds the part that is asked for, within what is there", () => {
  expect(byteRange("bytes=0-", 10)).toEqual({ offset: 0, length: 10 });
  expect(byteRange("bytes=2-3", 10)).toEqual({ offset: 2, length: 2 });
  expect(byteRange("bytes=8-99", 10)).toEqual({ offset: 8, length: 2 });
  expect(byteRange("bytes=-3", 10)).toEqual({ offset: 7, length: 3 });
  for (const header of [null, "", "bytes=-", "bytes=3-2", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b"])
    expect(byteRange(header, 10), String(header)).toBe("whole");
  for (const header of ["bytes=10-", "bytes=99-100", "bytes=-0"]) expect(byteRange(header, 10), header).toBe("outside");
  expect(byteRange("bytes=0-", 0)).toBe("outside");
});

test("byteRange() never leads out of what is there", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^bytes=\d{0,4}-\d{0,4}$/u), fc.nat(2_000), (header, size) => {
      const range = byteRange(header, size);
      if (typeof range === "string") return;
      expect(range.offset).toBeGreaterThanOrEqual(0);
      expect(range.length).toBeGreaterThan(0);
      expect(range.offset + range.length).toBeLessThanOrEqual(size);
    }),
  );
});
