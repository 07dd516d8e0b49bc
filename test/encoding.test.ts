import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeUnnamed, readableText } from "../src/encoding.ts";
import { encodeLegacy } from "./support/encode-legacy.ts";

describe("decodeUnnamed()", () => {
  test.each([
    ["shift_jis", "日付,店名,金額\r\n2026-11-01,東京駅弁屋,1200\r\n2026-11-02,ホテル日航,15000\r\n"],
    ["euc-jp", "会議は月曜日に行われますので、大阪のホテルの領収書を忘れずにお持ちください。"],
    ["euc-kr", "날짜,가게,금액\r\n2026-11-01,서울역,1200\r\n2026-11-02,부산호텔,15000\r\n"],
    ["gb18030", "日期,商店,金额\r\n2026-11-01,北京火车站,1200\r\n2026-11-02,上海酒店,15000\r\n"],
    ["big5", "會議將於星期一舉行，請不要忘記帶上高雄飯店的發票和計程車收據。"],
    ["windows-1251", "Встреча состоится в понедельник, не забудьте принести счета за гостиницу в Петербурге."],
    ["koi8-r", "Встреча состоится в понедельник, не забудьте принести счета за гостиницу в Петербурге."],
    ["windows-1253", "Η συνάντηση θα γίνει τη Δευτέρα, μην ξεχάσετε να φέρετε τους λογαριασμούς του ξενοδοχείου."],
    ["windows-1255", "הפגישה תתקיים ביום שני, נא לא לשכוח להביא את החשבונות של המלון בחיפה"],
    ["windows-1256", "الاسم;المدينة\r\nأحمد;القاهرة\r\nليلى;بيروت\r\n"],
    ["windows-1250", "Spotkanie odbędzie się w Łodzi, proszę zabrać rachunki za hotel i później je rozliczyć."],
    ["windows-1254", "Toplantı pazartesi günü yapılacak, lütfen otel faturalarını getirmeyi unutmayın, teşekkürler."],
  ])("reads %s that nobody named", (label, text) => {
    expect(decodeUnnamed(encodeLegacy(text, label))).toBe(text);
  });

  test.each([
    "Name;Straße;Betrag\r\nMüller;Königsallee 5;12,50\r\nGroß;Überweg 3;7,20\r\n",
    "Nom;Prénom;Coût\r\nLefèvre;Élodie;12,50\r\nGérard;François;7,20\r\n",
    "Año;Descripción;Señal\r\n2025;Reunión en Málaga;sí\r\n2026;Niño;no\r\n",
    "Descrição;Preço\r\nPão;1,20\r\nMaçã;0,80\r\n",
    "Namn;Ort;Pris\r\nÅke;Malmö;12\r\nÖsten;Gävle;7\r\n",
    "Città;Qualità\r\nForlì;più\r\nCefalù;così\r\n",
    "Fundurinn verður haldinn á mánudaginn, ekki gleyma að koma með reikninga frá hótelinu í Reykjavík, þetta er mikilvægt.",
    "“Quoted” text – with a dash, and it’s fine",
    "Temp: 21 °C, ±2 °C",
    "price: 5€",
    "a;b\r\nÖ;1\r\n",
    "Straße 5",
    "Ü",
  ])("reads windows-1252, however short: %j", (text) => {
    expect(decodeUnnamed(encodeLegacy(text, "windows-1252"))).toBe(text);
  });

  test("throws for no bytes, and reads UTF-8 as such", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => typeof decodeUnnamed(bytes) === "string"));
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 100 }), (text) => {
        const given = text.replace(/^\uFEFF/u, "").toWellFormed();
        expect(decodeUnnamed(new TextEncoder().encode(given))).toBe(given);
      }),
    );
  });
});

test("readableText() gives null for what is no text", () => {
  expect(readableText(Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 8, 0]))).toBeNull();
  expect(readableText(new Uint8Array())).toBe("");
});
