/** Texts that break careless code. Every channel must hand each of them over unchanged. All are well-formed UTF-16 and not blank. */
export const NAUGHTY_STRINGS: readonly string[] = [
  // Words that look like values.
  "undefined",
  "null",
  "NaN",
  "true",
  "0",
  "-0",
  "1e309",
  "[object Object]",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  '{"text":"not json to parse"}',
  // Quotes, escapes, injections.
  "'",
  '"',
  "`",
  "\\",
  "\\\\'\\\"",
  "'; DROP TABLE inbox; --",
  "1' OR '1'='1",
  "%s %d %n %x {0} ${7*7} {{7*7}} <%= 7*7 %> #{7*7}",
  "$(touch pwned) `id` && echo | cat",
  "../../../etc/passwd%00.png",
  "javascript:alert(1)",
  "<script>alert('x')</script>",
  '"><img src=x onerror=alert(1)>',
  "<!-- --> <![CDATA[ x ]]> &amp; &lt; &#x41;",
  "=cmd|' /C calc'!A0",
  "data: x\n\nevent: end\ndata: {}\n\n",
  // Markdown that must stay as written on the way in.
  "**bold** _italic_ [x](y) ~~s~~ `code` ||spoiler|| > quote",
  "```\nunclosed fence",
  "# heading\n- list\n1. list\n| a | b |",
  "\\*escaped\\* &nbsp; \\_",
  // White space and line ends.
  " leading and trailing ",
  "\ttab\tseparated\t",
  "line\nline\r\nline\rline",
  "a\u0085b\u2028c\u2029d\u00a0e\u3000f",
  "\n\n\nx\n\n\n",
  // Controls, also NUL.
  "a\u0000b",
  "\u0001\u0002\u0007\u0008\u001b[31mred\u001b[0m\u007f",
  "\ufeffwith a byte order mark",
  "\ufffe\uffff noncharacters",
  // Invisible and direction marks.
  "zero\u200bwidth\u200cjoin\u200der\u2060word",
  "soft\u00adhyphen",
  "\u202eright to left override\u202c",
  "\u2066isolate\u2069 \u200eltr\u200f rtl",
  "\u{e0001}\u{e0041}tags",
  // Scripts.
  "שלום עולם, מה שלומך?",
  "مرحبا بالعالم، ثم نفس سقطت",
  "田中さんにあげて下さい",
  "안녕하세요 세계",
  "नमस्ते दुनिया",
  "สวัสดีชาวโลก",
  "Ω≈ç√∫˜µ≤≥÷ ﬁ Ⅷ ½ ａｂｃ",
  "ﷺ ﷽",
  "İ ı ß ẞ ς Σ ǆ ǅ",
  // The same letters, composed and decomposed, stay two texts.
  "caf\u00e9",
  "cafe\u0301",
  // Combining marks and emoji sequences.
  "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
  "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇩🇪🇯🇵 1️⃣ ❤️ 🧑🏿‍🚀",
  "𝒽𝑒𝓁𝓁𝑜 𐍈 𠜎 \u{10ffff}",
  "😀".repeat(300),
  // Commands that are none.
  "/",
  "//",
  "/ start",
  "@",
  "/unknown_command with arguments",
  // Very long, without and with places to break.
  "x".repeat(4096),
  "long ".repeat(800).trim(),
  `${"é".repeat(2000)}\n${"👍".repeat(500)}`,
];

/** Not well-formed: a channel may refuse them or carry them, but must not fail. */
export const LONE_SURROGATES: readonly string[] = ["\ud800", "a\udc00b", "\udc00\ud800", "ok 👍 \ud83d", "\ud83d\ud83d\ude00"];
