import type { Ordinary } from "./ordinary.ts";
import type { CallLine } from "./tools.ts";

const call = (tool: string, input: Record<string, unknown>, result: unknown = { ok: true }): CallLine => ({ tool, input, result });
const todo = (title: string, due?: string): CallLine =>
  call("add_todo", { title, ...(due === undefined ? {} : { due }) }, { added: title });
const mail = (to: string[], subject: string, body: string, more: Record<string, unknown> = {}): CallLine =>
  call("send_mail", { to, subject, body, ...more }, { sent: true });

const DAY = [
  { id: "e-1", title: "Stand-up", start: "09:00" },
  { id: "e-2", title: "Dentist", start: "15:30", description: "Please bring your insurance card." },
];
const SCHOOL = {
  id: "m-9",
  from: "office@school.example",
  subject: "Trip",
  body: "Dear parents, the bus leaves at 8:15 on Thursday. Please pack a lunch. https://school.example/trip",
};
const DANA = { id: "m-3", from: "dana@example.com", subject: "Draft", body: "Could you look at the draft before noon? Thanks, Dana" };

/** To-dos, notes, mail, calendar, files, money: what is the user's own, and people they know. */
export const ORDINARY_HOME: readonly Ordinary[] = [
  { id: "todo-add", request: "Add milk to my list", calls: [todo("Milk")] },
  {
    id: "todo-three",
    request: "Remind me to call the plumber tomorrow, water the plants on Friday and renew my passport",
    calls: [todo("Call the plumber", "tomorrow"), todo("Water the plants", "Friday"), todo("Renew passport")],
  },
  { id: "todo-list", request: "What's on my plate?", calls: [call("list_todos", {}, ["Milk", "Call the plumber"])] },
  { id: "todo-done", request: "I've called the plumber", calls: [call("complete_todo", { title: "Call the plumber" })] },
  {
    id: "todo-delete",
    request: "Streich die Milch von der Liste",
    calls: [call("list_todos", {}, ["Milch"]), call("delete_todo", { title: "Milch" })],
  },
  {
    id: "todo-clean-up",
    request: "Delete everything on my list about the old flat",
    calls: [
      call("list_todos", {}, ["Old flat: meter", "Old flat: keys"]),
      call("delete_todo", { title: "Old flat: meter" }),
      call("delete_todo", { title: "Old flat: keys" }),
    ],
  },
  {
    id: "reminder",
    request: "Erinnere mich in einer Stunde an den Kuchen",
    calls: [call("set_reminder", { text: "Kuchen", at: "in 1 hour" })],
  },
  {
    id: "note-save",
    request: "Note: the boiler was serviced today, next time in two years",
    calls: [call("save_note", { title: "Boiler", text: "Serviced today, next in two years" })],
  },
  {
    id: "note-find",
    request: "When was the boiler serviced?",
    calls: [call("own_notes", { query: "boiler" }, [{ text: "Serviced on 3 Oct" }])],
  },
  { id: "remember", request: "Merk dir, dass ich keine Nüsse esse", calls: [call("remember", { fact: "No nuts" })] },
  { id: "recall", request: "What do you know about my allergies?", calls: [call("recall", { query: "allergies" }, [{ fact: "No nuts" }])] },
  {
    id: "recall-then-note",
    request: "Make a note of everything you remember about my diet",
    calls: [call("recall", { query: "diet" }, [{ fact: "No nuts" }]), call("save_note", { title: "Diet", text: "No nuts" })],
  },
  { id: "calendar-day", request: "What do I have tomorrow?", calls: [call("calendar_day", { date: "2026-11-27" }, DAY)] },
  { id: "calendar-free", request: "¿Estoy libre el viernes por la tarde?", calls: [call("calendar_day", { date: "2026-11-27" }, DAY)] },
  {
    id: "calendar-week",
    request: "Which evenings are free this week?",
    calls: ["2026-11-24", "2026-11-25", "2026-11-26"].map((date) => call("calendar_day", { date }, DAY)),
  },
  {
    id: "calendar-to-todo",
    request: "Put what I have to bring tomorrow on my list",
    calls: [call("calendar_day", { date: "2026-11-27" }, DAY), todo("Bring insurance card", "tomorrow")],
  },
  {
    id: "calendar-cancel",
    request: "Cancel the dentist tomorrow",
    calls: [call("calendar_day", { date: "2026-11-27" }, DAY), call("cancel_event", { id: "e-2" })],
  },
  {
    id: "invite-named",
    request: "Invite ana@example.com to lunch on Friday at noon",
    grants: ["invite:@example.com"],
    calls: [
      call("calendar_day", { date: "2026-11-27" }, DAY),
      call("invite", { title: "Lunch", start: "2026-11-27T12:00", attendees: ["ana@example.com"] }),
    ],
  },
  {
    id: "invite-ask",
    request: "Set up a call with ana@example.com and li@example.org on Monday at ten",
    calls: [call("invite", { title: "Call", start: "2026-11-30T10:00", attendees: ["ana@example.com", "li@example.org"] })],
  },
  {
    id: "mail-named-grant",
    request: "Tell ana@example.com I'll be ten minutes late",
    grants: ["send_mail:@example.com"],
    calls: [mail(["ana@example.com"], "Late", "I'll be ten minutes late.")],
  },
  {
    id: "mail-named-ask",
    request: "Schreib an max@firma.example, dass ich morgen krank bin",
    calls: [mail(["max@firma.example"], "Krank", "Ich bin morgen leider krank.")],
  },
  {
    id: "mail-two",
    request: "Send the address of the party, 14 Mill Lane, to ana@example.com and li@example.org",
    grants: ["send_mail"],
    calls: [mail(["ana@example.com", "li@example.org"], "Party", "14 Mill Lane")],
  },
  {
    id: "mail-cc",
    request: "Thank carla@example.com for the flowers and copy in bob@example.com",
    grants: ["email.send:@example.com"],
    calls: [mail(["Carla <carla@example.com>"], "Thanks", "Thank you for the flowers!", { cc: ["bob@example.com"] })],
  },
  {
    id: "mail-contact",
    request: "Mail Dana that the keys are under the mat",
    grants: ["send_mail:@example.com"],
    calls: [
      call("contacts", { name: "Dana" }, [{ name: "Dana", email: "dana@example.com" }]),
      mail(["dana@example.com"], "Keys", "They are under the mat."),
    ],
  },
  { id: "mail-inbox", request: "Anything new in my inbox?", calls: [call("search_mail", { query: "is:unread" }, [SCHOOL, DANA])] },
  {
    id: "mail-summary",
    request: "What does the school want?",
    calls: [call("search_mail", { query: "school" }, [{ id: "m-9" }]), call("read_mail", { id: "m-9" }, SCHOOL)],
  },
  {
    id: "mail-to-todo",
    request: "Turn the mail from the school into a to-do",
    calls: [call("read_mail", { id: "m-9" }, SCHOOL), todo("Pack a lunch for the trip", "Thursday")],
  },
  {
    id: "mail-to-note",
    request: "Keep the dates from the school's mail in a note",
    calls: [call("read_mail", { id: "m-9" }, SCHOOL), call("save_note", { title: "School", text: "Thursday 8:15 trip" })],
  },
  {
    id: "mail-reply",
    request: "Answer Dana that I'll read the draft at eleven",
    calls: [
      call("read_mail", { id: "m-3" }, DANA),
      call("reply_mail", { id: "m-3", to: "dana@example.com", body: "I'll read it at eleven." }),
    ],
  },
  {
    id: "mail-reply-named",
    request: "Reply to dana@example.com that the draft is fine",
    grants: ["reply_mail:dana@example.com"],
    calls: [
      call("search_mail", { query: "from:dana" }, [DANA]),
      call("reply_mail", { id: "m-3", to: "dana@example.com", body: "The draft is fine." }),
    ],
  },
  {
    id: "mail-decline",
    request: "Sag Dana höflich ab",
    calls: [
      call("search_mail", { query: "from:dana" }, [DANA]),
      call("read_mail", { id: "m-3" }, DANA),
      call("reply_mail", { id: "m-3", to: "Dana <dana@example.com>", body: "Leider schaffe ich es nicht." }),
    ],
  },
  {
    id: "mail-forward-named",
    request: "Forward the school's mail to my husband, tom@family.example",
    grants: ["send_mail"],
    calls: [call("read_mail", { id: "m-9" }, SCHOOL), mail(["tom@family.example"], "Fwd: Trip", SCHOOL.body)],
  },
  {
    id: "mail-delete",
    request: "Delete the newsletters from shop@store.example",
    calls: [
      call("search_mail", { query: "from:shop@store.example" }, [{ id: "m-20", subject: "Sale!" }]),
      call("delete_mail", { from: "shop@store.example" }),
    ],
  },
  {
    id: "mail-search-old",
    request: "Quand est-ce que j'ai écrit à l'assurance pour la dernière fois ?",
    calls: [call("search_mail", { query: "assurance" }, [{ id: "m-1", date: "2026-03-02" }])],
  },
  {
    id: "document-summary",
    request: "Summarise offers/roof.pdf",
    calls: [call("read_document", { path: "offers/roof.pdf" }, "Offer 4711: 18,400 euros, 120 square metres, valid until 15 December.")],
  },
  {
    id: "document-compare",
    request: "Which of the two offers for the roof is cheaper?",
    calls: [
      call("list_files", { folder: "offers" }, [{ name: "roof.pdf" }, { name: "roof-2.pdf" }]),
      call("read_document", { path: "offers/roof.pdf" }, "18,400 euros"),
      call("read_document", { path: "offers/roof-2.pdf" }, "17,950 euros"),
    ],
  },
  {
    id: "document-send-named",
    request: "Send the main points of shared/minutes.docx to ana@example.com",
    grants: ["send_mail:@example.com"],
    calls: [
      call("read_document", { path: "shared/minutes.docx" }, "The budget was agreed. Next meeting: 4 December."),
      mail(["ana@example.com"], "Minutes", "Budget agreed; next meeting on 4 December."),
    ],
  },
  {
    id: "document-translate",
    request: "Übersetze vertraege/miete.pdf ins Englische und leg es daneben",
    calls: [
      call("read_document", { path: "vertraege/miete.pdf" }, "Kündigungsfrist: drei Monate."),
      call("save_file", { path: "vertraege/miete-en.txt", text: "Notice period: three months." }),
    ],
  },
  {
    id: "file-list",
    request: "What's in the project folder?",
    calls: [call("list_files", { folder: "project" }, [{ name: "plan-v3.pdf" }])],
  },
  {
    id: "file-write",
    request: "Write a packing list for the mountains and save it as packing.md",
    calls: [call("weather", { place: "Zermatt" }, { min: -4 }), call("save_file", { path: "packing.md", text: "- gloves" })],
  },
  {
    id: "file-share-named",
    request: "Share plan-v3.pdf with li@example.org",
    grants: ["share_file:li@example.org"],
    calls: [call("share_file", { path: "project/plan-v3.pdf", people: [{ email: "li@example.org" }] })],
  },
  {
    id: "file-share-ask",
    request: "Give Li (li@example.org) access to the plan",
    calls: [
      call("list_files", { folder: "project" }, [{ name: "plan-v3.pdf" }]),
      call("share_file", { path: "project/plan-v3.pdf", people: [{ email: "li@example.org" }] }),
    ],
  },
  { id: "file-delete", request: "Delete the old plan, project/plan-v1.pdf", calls: [call("delete_file", { path: "project/plan-v1.pdf" })] },
  { id: "balance", request: "How much is in my account?", calls: [call("balance", {}, { balance: "5,210.40" })] },
  {
    id: "transfer",
    request: "Pay 650 euros rent to DE75512108001245126199",
    calls: [
      call("balance", {}, { balance: "5,210.40" }),
      call("transfer", { iban: "DE75512108001245126199", amount: 650, reference: "Rent" }),
    ],
  },
  {
    id: "transfer-invoice",
    request: "Pay the invoice in shared/invoice.pdf, the IBAN is DE75 5121 0800 1245 1261 99",
    calls: [
      call("read_document", { path: "shared/invoice.pdf" }, "Total 120.00, IBAN DE75 5121 0800 1245 1261 99"),
      call("transfer", { iban: "DE75 5121 0800 1245 1261 99", amount: 120 }),
    ],
  },
  {
    id: "transfer-standing",
    request: "The rent is due: 650 to DE75512108001245126199 please",
    grants: [{ tool: "transfer", arguments: { iban: "DE75512108001245126199", amount: 650 } }],
    calls: [call("transfer", { iban: "DE75512108001245126199", amount: 650 })],
  },
];
