import fc from "fast-check";

/** Any text at all, lone surrogates and control characters too. fast-check's own strings of all of Unicode are slow to make. */
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0x10000, max: 0x10ffff })), {
      maxLength,
    })
    .map((codes) => String.fromCodePoint(...codes));
