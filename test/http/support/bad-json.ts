/** Bodies that are not what any route reads. */
export const BAD_BODIES: readonly (readonly [string, string | Uint8Array])[] = [
  ["nothing", ""],
  ["white space", " \n"],
  ["broken JSON", '{"message":'],
  ["a bare word", "hello"],
  ["null", "null"],
  ["a list", "[]"],
  ["a number", "1e999"],
  ["a string", '"hello"'],
  ["broken UTF-8", new Uint8Array([0x7b, 0x22, 0x6d, 0xff, 0xfe, 0x22, 0x7d])],
  ["UTF-16", new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])],
  ["deep lists", "[".repeat(100_000)],
  ["deep objects", `${'{"message":'.repeat(50_000)}1${"}".repeat(50_000)}`],
  ["prototype keys", '{"__proto__":{"message":"x"},"constructor":1}'],
];
