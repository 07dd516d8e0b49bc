/**
 * How mail programs mark what they quote, in the languages that most people's programs speak: taken from what Gmail, Outlook, Apple Mail, Thunderbird and the clients of phones write.
 * A mark too many costs a sentence that counts as a quote; a mark too few makes somebody else's text the sender's word. So they are wide.
 */

/** The verb of the line above a quote: "On …, Ana wrote:". */
const WROTE = [
  "wrote",
  "writes",
  "schrieb",
  "a écrit",
  "a ecrit",
  "escribió",
  "escribio",
  "ha scritto",
  "escreveu",
  "schreef",
  "skrev",
  "kirjoitti",
  "napisał(?:\\(?a\\)?)?",
  "pisze",
  "napsal(?:\\(?a\\)?)?",
  "napísal(?:\\(?a\\)?)?",
  "написал(?:\\(?а\\)?)?",
  "пишет",
  "написа",
  "написав(?:\\(?ла\\)?)?",
  "yazdı",
  "şunu yazdı",
  "ezt írta",
  "írta",
  "έγραψε",
  "a scris",
  "כתב",
  "כתבה",
  "كتب",
  "写道",
  "寫道",
  "のメール",
  "書きました",
  "작성",
  "viết",
  "menulis",
  "เขียน",
];

/** Ends with the verb and a colon, or has the verb in it and ends with a colon: "Am … schrieb Ana <…>:". */
export const ATTRIBUTION = new RegExp(`(?:${WROTE.join("|")})[^\\n]{0,300}[:：]\\s*$`, "iu");

/** What such a line begins with where it is wrapped. */
export const ATTRIBUTION_BEGINS =
  /^(?:on|am|le|el|il|em|op|den|på|pe|dnia|w dniu|dne|dňa|dana|la data|în|a las|στις|\d{1,4}[.年/-]|в |у |пн|вт|ср|чт|пт|сб|вс|mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|mo|di|mi|do|fr|sa|so)(?:[\s,.]|(?<=[.年/-]))/iu;

/** An address or an instant: what programs write into such a line, and people hardly. */
export const WHEN_OR_WHO = /[^\s@]@[^\s@]|\d{1,4}[./年-]\s?\d{1,2}|\b\d{1,2}[:.h]\d{2}\b|\b(?:19|20)\d{2}\b/u;

/** The same in any language: somebody's address and a colon, with nothing behind it. */
export const ADDRESS_COLON = /<[^<>\n]{0,20}[^\s<>@]{1,100}@[^\s<>]{1,200}>\s*[:：]\s*$/u;

/** A line of its own that begins what was sent on, or was answered below a rule. */
export const FORWARD_LINE =
  /^[-_*>\s]{0,40}(?:forwarded message|begin forwarded message|original message was forwarded|weitergeleitete nachricht|anfang der weitergeleiteten nachricht|message transféré|message transfere|début du message transféré|début du message réexpédié|mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato|mensagem encaminhada|início da mensagem encaminhada|doorgestuurd bericht|begin doorgestuurd bericht|vidarebefordrat meddelande|videresendt melding|videresendt meddelelse|välitetty viesti|przekazana wiadomość|wiadomość przekazana|přeposlaná zpráva|пересылаемое сообщение|пересланное сообщение|переслане повідомлення|iletilen mesaj|továbbított üzenet|转发的邮件|转发邮件|轉寄郵件|転送メッセージ|전달된 메시지)\s*[:：]?[-_*\s]{0,40}$/iu;

export const ORIGINAL_LINE =
  /^[-_*>\s]{0,40}(?:original message|original appointment|ursprüngliche nachricht|originalnachricht|message d.origine|message original|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|originalmeddelande|ursprungligt meddelande|opprinnelig melding|oprindelig meddelelse|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|исходное сообщение|оригинальное сообщение|orijinal mesaj|eredeti üzenet|原始邮件|原始郵件|元のメッセージ|원본 메시지)\s*[:：]?[-_*\s]{0,40}$/iu;

const label = (...words: string[]): RegExp => new RegExp(`^[\\s*_>]{0,6}(?:${words.join("|")})\\s*[*_]{0,2}\\s?[:：]`, "iu");

/** The head that Outlook and others put above a quote: one line names who, one of the next ones when, to whom or what about. */
export const HEAD_FROM = label(
  "from",
  "von",
  "de",
  "da",
  "van",
  "fra",
  "från",
  "lähettäjä",
  "od",
  "от",
  "від",
  "kimden",
  "feladó",
  "από",
  "de la",
  "发件人",
  "寄件者",
  "寄件人",
  "差出人",
  "送信者",
  "보낸 사람",
  "מאת",
  "من",
);
export const HEAD_OTHER = label(
  "sent",
  "date",
  "to",
  "subject",
  "reply-to",
  "gesendet",
  "datum",
  "an",
  "betreff",
  "envoyé",
  "date",
  "à",
  "objet",
  "enviado(?: el)?",
  "enviada(?: em)?",
  "fecha",
  "data",
  "para",
  "asunto",
  "assunto",
  "inviato",
  "a",
  "oggetto",
  "verzonden",
  "aan",
  "onderwerp",
  "sendt",
  "til",
  "emne",
  "dato",
  "skickat",
  "till",
  "ämne",
  "lähetetty",
  "vastaanottaja",
  "aihe",
  "päivämäärä",
  "wysłano",
  "do",
  "temat",
  "data",
  "odesláno",
  "komu",
  "předmět",
  "отправлено",
  "дата",
  "кому",
  "тема",
  "надіслано",
  "gönderildi",
  "tarih",
  "kime",
  "konu",
  "elküldve",
  "címzett",
  "tárgy",
  "发送时间",
  "发送日期",
  "日期",
  "收件人",
  "主题",
  "寄件日期",
  "收件者",
  "主旨",
  "送信日時",
  "日時",
  "宛先",
  "件名",
  "보낸 날짜",
  "받는 사람",
  "제목",
);

/** What clients add below a text by themselves. */
export const CLIENT_LINE =
  /^[\s*_]*(?:sent from (?:my|outlook|mail|yahoo|proton|an? )|get outlook for|von meinem .{1,40} gesendet|gesendet (?:von|mit)|envoyé (?:de|depuis) |enviado desde |enviado (?:do|de) meu |inviato da(?:l mio)? |verzonden vanaf |verstuurd vanaf |skickat från min |sendt fra min |wysłane z |отправлено с |发自我的|從我的.{1,20}傳送|iphoneから送信)[^\n]{0,120}$/iu;
