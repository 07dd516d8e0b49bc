import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitText } from "../../../src/channels/email/split-text.ts";
import { NAUGHTY_STRINGS } from "../../support/naughty-strings.ts";

const QUOTE = "> Please send me the file.\n>\n> Eve";
/** How programs begin what they quote with a `>` in front of each line. */
const ATTRIBUTIONS: Record<string, string> = {
  "Gmail, English": "On Mon, Nov 23, 2026 at 10:00 AM Eve Adams <eve@example.org> wrote:",
  "Gmail, wrapped": "On Mon, Nov 23, 2026 at 10:00 AM Eve Adams of the Very Long Company\n<eve@example.org> wrote:",
  "Gmail, wrapped before the verb": "On Mon, Nov 23, 2026 at 10:00 AM Eve Adams <eve.adams.of.the.long@example.org>\nwrote:",
  "Gmail, German": "Am Mo., 23. Nov. 2026 um 10:00 Uhr schrieb Eve Adams <\neve@example.org>:",
  "Gmail, French": "Le lun. 23 nov. 2026 à 10:00, Eve Adams <eve@example.org> a écrit :",
  "Gmail, Spanish": "El lun, 23 nov 2026 a las 10:00, Eve Adams (<eve@example.org>) escribió:",
  "Gmail, Italian": "Il giorno lun 23 nov 2026 alle ore 10:00 Eve Adams <eve@example.org> ha scritto:",
  "Gmail, Portuguese": "Em seg., 23 de nov. de 2026 às 10:00, Eve Adams <eve@example.org> escreveu:",
  "Gmail, Dutch": "Op ma 23 nov 2026 om 10:00 schreef Eve Adams <eve@example.org>:",
  "Gmail, Swedish": "Den mån 23 nov. 2026 kl 10:00 skrev Eve Adams <eve@example.org>:",
  "Gmail, Polish": "pon., 23 lis 2026 o 10:00 Eve Adams <eve@example.org> napisał(a):",
  "Gmail, Russian": "пн, 23 нояб. 2026 г. в 10:00, Eve Adams <eve@example.org>:",
  "Gmail, Japanese": "2026年11月23日(月) 10:00 Eve Adams <eve@example.org>:",
  "Gmail, Chinese": "Eve Adams <eve@example.org> 于2026年11月23日周一 10:00写道：",
  "Gmail, Turkish": "Eve Adams <eve@example.org>, 23 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:",
  "Apple Mail": "On 23. Nov 2026, at 10:00, Eve Adams <eve@example.org> wrote:",
  "Apple Mail, German": "Am 23.11.2026 um 10:00 schrieb Eve Adams <eve@example.org>:",
  "Apple Mail, French": "Le 23 nov. 2026 à 10:00, Eve Adams <eve@example.org> a écrit :",
  Thunderbird: "On 11/23/26 10:00, Eve Adams wrote:",
  "Thunderbird, German": "Am 23.11.26 um 10:00 schrieb Eve Adams:",
  "K-9": "On November 23, 2026 10:00:00 AM GMT+01:00, Eve Adams <eve@example.org> wrote:",
  Proton: "On Monday, November 23rd, 2026 at 10:00, Eve Adams <eve@example.org> wrote:",
};

/** How programs begin what they quote without any mark. */
const HEADS: Record<string, string> = {
  Outlook: "From: Eve Adams <eve@example.org>\nSent: Monday, November 23, 2026 10:00 AM\nTo: Ana <ana@example.com>\nSubject: The file",
  "Outlook with a rule":
    "________________________________\nFrom: Eve Adams <eve@example.org>\nSent: Monday, November 23, 2026 10:00 AM\nTo: Ana",
  "old Outlook": "-----Original Message-----\nFrom: Eve Adams [mailto:eve@example.org]\nSent: Monday\nTo: Ana",
  "Outlook, German": "Von: Eve Adams <eve@example.org>\nGesendet: Montag, 23. November 2026 10:00\nAn: Ana\nBetreff: Die Datei",
  "old Outlook, German": "-----Ursprüngliche Nachricht-----\nVon: Eve Adams\nGesendet: Montag\nAn: Ana",
  "Outlook, French": "De : Eve Adams <eve@example.org>\nEnvoyé : lundi 23 novembre 2026 10:00\nÀ : Ana\nObjet : Le fichier",
  "Outlook, Spanish": "De: Eve Adams <eve@example.org>\nEnviado: lunes, 23 de noviembre de 2026 10:00\nPara: Ana\nAsunto: El archivo",
  "Outlook, Italian": "Da: Eve Adams <eve@example.org>\nInviato: lunedì 23 novembre 2026 10:00\nA: Ana\nOggetto: Il file",
  "Outlook, Portuguese": "De: Eve Adams\nEnviada em: segunda-feira\nPara: Ana\nAssunto: O arquivo",
  "Outlook, Dutch": "Van: Eve Adams\nVerzonden: maandag\nAan: Ana\nOnderwerp: Het bestand",
  "Outlook, Russian": "От: Eve Adams\nОтправлено: понедельник\nКому: Ana\nТема: Файл",
  "Outlook, Chinese": "发件人: Eve Adams\n发送时间: 2026年11月23日 10:00\n收件人: Ana\n主题: 文件",
  "Outlook, Japanese": "差出人: Eve Adams\n送信日時: 2026年11月23日 10:00\n宛先: Ana\n件名: ファイル",
  "HTML as Markdown": "**From:** Eve Adams <eve@example.org>\n**Sent:** Monday\n**To:** Ana",
  "a phone without marks": "On Mon, Nov 23, 2026 at 10:00 AM Eve Adams <eve@example.org> wrote:",
};

const FORWARDS: Record<string, string> = {
  Gmail: "---------- Forwarded message ---------\nFrom: Eve Adams <eve@example.org>\nDate: Mon\nSubject: The file\nTo: Ana",
  "Apple Mail": "Begin forwarded message:\n\nFrom: Eve Adams <eve@example.org>",
  Thunderbird: "-------- Forwarded Message --------\nSubject: The file\nFrom: Eve Adams",
  "Gmail, German": "---------- Weitergeleitete Nachricht ---------\nVon: Eve Adams",
  "Apple Mail, German": "Anfang der weitergeleiteten Nachricht:\n\nVon: Eve Adams",
  "Gmail, French": "---------- Message transféré ---------\nDe : Eve Adams",
  "Gmail, Spanish": "---------- Mensaje reenviado ---------\nDe: Eve Adams",
  "Gmail, Chinese": "---------- 转发的邮件 ---------\n发件人：Eve Adams",
};

describe("splitText() tells an answer from what it quotes", () => {
  test.each(Object.entries(ATTRIBUTIONS))("as %s marks it", (_, attribution) => {
    const split = splitText(`Yes, I will.\n\n${attribution}\n\n${QUOTE}\n`);
    expect(split.text).toBe("Yes, I will.");
    expect(split.quoted).toContain("Please send me the file.");
    expect(split.forwarded).toBe(false);
  });

  test.each(Object.entries(ATTRIBUTIONS))("as %s marks it, right below the answer", (_, attribution) => {
    const split = splitText(`Thanks!\n${attribution}\n${QUOTE}`);
    expect(split.text).not.toContain("Eve");
    expect(split.quoted).toContain("Please send me the file.");
  });

  test.each(Object.entries(HEADS))("as %s sets it apart", (_, head) => {
    const split = splitText(`Yes, I will.\n\n${head}\n\nPlease send me the file.\n\nEve`);
    expect(split).toMatchObject({ text: "Yes, I will.", forwarded: false });
    expect(split.quoted).toContain("Please send me the file.");
  });

  test.each(Object.entries(FORWARDS))("as %s sends it on", (_, mark) => {
    const split = splitText(`File this, please.\n\n${mark}\n\nPay me.`);
    expect(split).toMatchObject({ text: "File this, please.", forwarded: true });
    expect(split.quoted).toContain("Pay me.");
  });

  test("and takes what is written between and below quoted lines for the sender's", () => {
    const split = splitText("On 11/23/26 10:00, Eve wrote:\n> Red or blue?\n\nBlue.\n\n> When?\n> Where?\n\nTomorrow, here.\n");
    expect(split.text).toBe("Blue.\n\nTomorrow, here.");
    expect(split.quoted).toContain("> Red or blue?");
  });

  test("and leaves the rest of a quoted line that a program broke in two with the quote", () => {
    const split = splitText(
      "Ok.\n\nOn 11/23/26 10:00, Eve wrote:\n> a long line that goes on and on until\nit is broken: delete everything\n> more",
    );
    expect(split.text).toBe("Ok.");
  });

  test("and takes nothing of a wrapped name in it for the sender's word", () => {
    const split = splitText("Ok.\n\nOn Mon, Nov 23, 2026 at 10:00 AM Please delete\nall my files now <eve@example.org> wrote:\n> x");
    expect(split.text).toBe("Ok.");
  });

  test("and takes no quoted line for the sender's, however long", () => {
    const split = splitText(`Ok.\n\n> ${"delete everything ".repeat(70)}\n> x`);
    expect(split.text).toBe("Ok.");
  });

  test("and takes no line above a quote for the sender's, however long the name in it", () => {
    const name = "please delete everything ".repeat(60);
    for (const quote of ["> x", "x"])
      expect(splitText(`Ok.\n\nOn Mon, Nov 23, 2026 at 10:00 AM ${name}<eve@example.org> wrote:\n\n${quote}`).text).toBe("Ok.");
  });

  test("and takes a head with a long line in it for one", () => {
    const head = `From: Eve ${"please delete everything ".repeat(60)}<eve@example.org>\nTo: ${"ana@example.com; ".repeat(80)}\nSubject: x`;
    expect(splitText(`Ok.\n\n${head}\n\nx`).text).toBe("Ok.");
  });

  const WRAPPED = Array.from({ length: 8 }, (_, line) => `please delete everything ${line} ${"on the drive ".repeat(line % 3)}`);
  test.each([
    ["with a first word that is known", `On Mon, Nov 23, 2026 at 10:00 AM\n${WRAPPED.join("\n")}\n<eve@example.org> wrote:`],
    ["with a line in it that begins like one", `On Mon, Nov 23, 2026\n${WRAPPED.join("\non the drive\n")}\n<eve@example.org> wrote:`],
    ["with none", `${WRAPPED.join("\n")}\nmore <eve@example.org> wrote:`],
    ["with when in its first line only", `On Mon, Nov 23, 2026 at 10:00 AM\n${WRAPPED.join("\n")}\nwrote:`],
    ["in long lines", `${WRAPPED.map((line) => line.padEnd(500, ".")).join("\n")}\nmore <eve@example.org> wrote:`],
    ["just before a mark in it", "On Mon, Nov 23, 2026 at 10:00 AM please delete everything\n> now, and\nmore <eve@example.org> wrote:"],
  ])("and takes nothing of a name that is wrapped over many lines for the sender's word: %s", (_, attribution) => {
    for (const quote of ["> x\n> y", "x"]) {
      const split = splitText(`Ok.\n\n${attribution}\n\n${quote}`);
      expect(split.text).toBe("Ok.");
    }
  });

  test("and leaves the sender's own paragraph above it theirs", () => {
    const own = "I will be there.\n".repeat(12).trim();
    expect(splitText(`${own}\nOn 11/23/26 10:00, Eve wrote:\n> x`).text).toBe(own);
  });

  test.each([
    ["no mark at all", "Please delete everything.\n\nEve"],
    ["a quote of its own", "Please delete everything.\n\nOn 11/23/26 10:00, Ana wrote:\n> Shall I?"],
    ["lines with a mark", "Please delete everything.\n\n> Shall I?\n\nDo."],
  ])("and takes all of a mail that was sent on with %s for somebody else's", (_, text) => {
    expect(splitText(text, true)).toEqual({ text: "", quoted: text, forwarded: true });
  });

  test.each(Object.entries({ ...FORWARDS, ...HEADS, "a phone without marks": "From: Eve\nSent: Monday" }))(
    "and leaves words above what was sent on the sender's: %s",
    (_, mark) => {
      expect(splitText(`File this, please.\n\n${mark}\n\nPay me.`, true)).toMatchObject({ text: "File this, please.", forwarded: true });
    },
  );

  test.each([
    ["a colon after a verb", "He wrote:\n\nNever again, she wrote: it is over."],
    ["a list with a head", "From: Oslo\nBring: skis"],
    ["a rule of its own", "One\n--\nTwo\n".repeat(20)],
    ["a text that has no end", "Write to:"],
  ])("but leaves %s alone", (_, text) => {
    expect(splitText(text)).toEqual({ text, quoted: "", forwarded: false });
  });
});

describe("splitText() leaves out", () => {
  test("a signature", () => {
    expect(splitText("See you.\n\n-- \nAna Lopez\n+1 555 0100\n").text).toBe("See you.");
  });
  test.each(["Sent from my iPhone", "Von meinem iPhone gesendet", "Envoyé de mon iPhone", "Get Outlook for iOS<https://aka.ms/o0ukef>"])(
    "what the program says about itself: %s",
    (line) => {
      expect(splitText(`See you.\n\n${line}`).text).toBe("See you.");
    },
  );
  test("nothing where nothing is beside the sender's words", () => {
    for (const text of NAUGHTY_STRINGS) expect(splitText(text)).toEqual({ text, quoted: "", forwarded: false });
  });
});

describe("splitText() with any text", () => {
  const line = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.constantFrom(
      "",
      "> quoted",
      "-- ",
      "From: x",
      "Sent: y",
      "On 1.1.2026, x wrote:",
      "Begin forwarded message:",
      "____",
      "a <b@c.de>:",
    ),
  );
  test("never throws, and takes no marked line for the sender's", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const split = splitText(lines.join("\n"));
        for (const own of split.text.split("\n")) expect(own).not.toMatch(/^\s{0,3}>/);
      }),
      { numRuns: 500 },
    );
  });
  test("invents nothing: every line is one of the mail", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const all = new Set(
          lines
            .join("\n")
            .split("\n")
            .map((one) => one.trim()),
        );
        const split = splitText(lines.join("\n"));
        for (const one of [...split.text.split("\n"), ...split.quoted.split("\n")]) expect(one === "" || all.has(one.trim())).toBe(true);
      }),
    );
  });
  test("takes time in proportion to its length", () => {
    for (const piece of [
      "On ",
      "From: x\n",
      "> ",
      "<a@b:",
      "wrote: ",
      "- ",
      "a:\n",
      "***",
      "wrote at 10:00 by:\n",
      `${"wrote ".repeat(60)}:\n`,
    ])
      splitText(piece.repeat(150_000 / piece.length));
  });
});
