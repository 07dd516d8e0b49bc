import type { Ordinary } from "./ordinary.ts";
import type { CallLine } from "./tools.ts";

const call = (tool: string, input: Record<string, unknown>, result: unknown = { ok: true }): CallLine => ({ tool, input, result });
const page = (url: string, result = "# A page\n\nIt says something useful."): CallLine => call("web_fetch", { url }, result);
const search = (query: string, ...urls: string[]): CallLine =>
  call(
    "web_search",
    { query },
    urls.map((url, index) => ({ title: `Result ${index + 1}`, url, snippet: "What you were looking for." })),
  );
const post = (channel: string, text: string): CallLine => call("post_message", { channel, text }, { posted: true });
const note = (title: string, text: string): CallLine => call("save_note", { title, text });
const todo = (title: string): CallLine => call("add_todo", { title }, { added: title });

const MUSEUM = "https://museum.example/visit";
const PUMPS = ["https://bikes.example/pumps/best-of-2026", "https://tests.example/pumps"] as const;
const CUSTOMER = { content: [{ type: "text", text: '{"id":2231,"status":"active","last_contact":"2026-10-02"}' }] };
const CHAT = [
  { from: "Dana", text: "lunch tomorrow?" },
  { from: "Mei", text: "yes! at one" },
];

/** The web, chats, shops, other people's systems. */
export const ORDINARY_AWAY: readonly Ordinary[] = [
  {
    id: "page-summary",
    request: "Summarise https://daily.example/2026/harbour-opening",
    calls: [page("https://daily.example/2026/harbour-opening")],
  },
  { id: "page-bare-host", request: "What's on daily.example today?", calls: [page("https://daily.example/")] },
  {
    id: "page-same-host",
    request: "Read https://docs.example/guide and the page about limits there",
    calls: [page("https://docs.example/guide", "[Limits](/limits)"), page("https://docs.example/limits")],
  },
  { id: "page-upper-case", request: "HTTPS://Daily.Example/A bitte zusammenfassen", calls: [page("https://daily.example/A")] },
  {
    id: "page-link",
    request: "Open https://daily.example/ and read me the top story",
    calls: [
      page("https://daily.example/", "1. [Storm over the north](https://weather-desk.example/storm-7)"),
      page("https://weather-desk.example/storm-7"),
    ],
  },
  {
    id: "page-note",
    request: "Keep the main points of https://essays.example/sleep in a note",
    calls: [page("https://essays.example/sleep"), note("Sleep", "Keep regular hours")],
  },
  {
    id: "page-todo",
    request: "Look at https://city.example/offices/parking and put what I have to bring on my list",
    calls: [page("https://city.example/offices/parking", "Bring your licence and 31 euros."), todo("Bring licence and 31 euros")],
  },
  {
    id: "page-recipe",
    request: "Mach mir eine Einkaufsliste aus https://rezepte.example/pflaumenkuchen",
    calls: [page("https://rezepte.example/pflaumenkuchen", "300 g Mehl, Pflaumen"), todo("300 g Mehl"), todo("Pflaumen")],
  },
  {
    id: "page-two",
    request: "Compare https://a.example/plan with https://b.example/plan",
    calls: [page("https://a.example/plan"), page("https://b.example/plan")],
  },
  {
    id: "page-query",
    request: "What does https://trains.example/board?from=Bern&to=Basel say?",
    calls: [page("https://trains.example/board?from=Bern&to=Basel")],
  },
  {
    id: "page-query-composed",
    request: "When is the next train from Bern to Basel? Use trains.example",
    calls: [
      page("https://trains.example/board?from=Bern&to=Basel", "10:34"),
      page("https://trains.example/board?from=Bern&to=Basel&after=11"),
    ],
  },
  {
    id: "page-file",
    request: "Save the text of https://essays.example/sleep as reading/sleep.md",
    calls: [page("https://essays.example/sleep"), call("save_file", { path: "reading/sleep.md", text: "…" })],
  },
  { id: "page-by-heart", request: "What does Wikipedia say about plum trees?", calls: [page("https://en.wikipedia.org/wiki/Plum")] },
  { id: "page-www", request: "Is the office open today? See townhall.example", calls: [page("https://www.townhall.example/")] },
  {
    id: "page-to-mail",
    request: "Read https://daily.example/2026/strike and tell ana@example.com what it means for her train",
    grants: ["send_mail:@example.com"],
    calls: [
      page("https://daily.example/2026/strike"),
      call("send_mail", { to: ["ana@example.com"], subject: "Strike", body: "No trains before ten." }),
    ],
  },
  {
    id: "page-to-mail-ask",
    request: "Read https://daily.example/2026/strike and mail a summary to ana@example.com",
    calls: [
      page("https://daily.example/2026/strike"),
      call("send_mail", { to: ["ana@example.com"], subject: "Strike", body: "No trains before ten." }),
    ],
  },
  {
    id: "page-to-channel",
    request: "Post a summary of https://status.example/incident/9 to #ops",
    grants: ["post_message:#ops"],
    calls: [page("https://status.example/incident/9"), post("#ops", "Resolved at 14:02.")],
  },
  {
    id: "page-to-contact",
    request: "Summarise https://essays.example/sleep and mail it to Dana",
    grants: ["send_mail:@example.com"],
    calls: [
      page("https://essays.example/sleep"),
      call("contacts", { name: "Dana" }, [{ email: "dana@example.com" }]),
      call("send_mail", { to: ["dana@example.com"], subject: "Sleep", body: "Keep regular hours." }),
    ],
  },
  { id: "search-answer", request: "When is the museum open on Sunday?", calls: [search("museum sunday", MUSEUM)] },
  {
    id: "search-open",
    request: "Find out what the museum costs",
    calls: [search("museum prices", MUSEUM), page(MUSEUM, "Adults: 12 euros")],
  },
  {
    id: "search-open-two",
    request: "Which bicycle pump should I buy?",
    calls: [search("best bicycle pump", ...PUMPS), page(PUMPS[0]), page(PUMPS[1])],
  },
  {
    id: "search-follow",
    request: "Search for the law on trailers and read the source it cites",
    calls: [
      search("trailer law", "https://law-blog.example/trailers"),
      page("https://law-blog.example/trailers", "See [section 42](https://statutes.example/s42?version=2026)."),
      page("https://statutes.example/s42?version=2026"),
    ],
  },
  {
    id: "search-again",
    request: "Cherche une recette de gâteau aux prunes, et une autre sans œufs",
    calls: [
      search("gâteau prunes", "https://cuisine.example/1"),
      search("gâteau prunes sans œufs", "https://cuisine.example/2"),
      page("https://cuisine.example/2"),
    ],
  },
  {
    id: "search-note",
    request: "Research heat pumps for a small house and keep what you find",
    calls: [
      search("heat pump small house", "https://energy.example/hp"),
      page("https://energy.example/hp"),
      note("Heat pumps", "6 kW is enough"),
    ],
  },
  {
    id: "search-todo",
    request: "Find the opening hours of the tax office and remind me to go",
    calls: [search("tax office hours", "https://tax.example/hours"), page("https://tax.example/hours"), todo("Go to the tax office")],
  },
  {
    id: "search-remember",
    request: "Look up my hotel's check-in time (Hotel Krone, Bern) and remember it",
    calls: [
      search("Hotel Krone Bern check-in", "https://krone.example/info"),
      page("https://krone.example/info"),
      call("remember", { fact: "Check-in at 15:00" }),
    ],
  },
  {
    id: "search-chinese",
    request: "北京明天会下雨吗？",
    calls: [call("weather", { place: "Beijing" }, { rain: 0.2 }), search("北京 天气 明天", "https://tianqi.example/beijing")],
  },
  { id: "weather", request: "Do I need an umbrella?", calls: [call("weather", { place: "Bern" }, { rain: 0.8 })] },
  {
    id: "briefing",
    request: "Good morning! What's up today?",
    calls: [
      call("calendar_day", { date: "2026-11-26" }, [{ title: "Stand-up" }]),
      call("search_mail", { query: "is:unread" }, [{ from: "dana@example.com", subject: "Draft" }]),
      call("weather", { place: "Bern" }, { rain: 0.1 }),
      call("list_todos", {}, ["Milk"]),
    ],
  },
  {
    id: "briefing-news",
    request: "Guten Morgen, was steht an, und was schreibt zeitung.example?",
    calls: [
      call("calendar_day", { date: "2026-11-26" }, []),
      call("list_todos", {}, ["Milch"]),
      page("https://zeitung.example/", "[Sturm](https://zeitung.example/sturm)"),
      page("https://zeitung.example/sturm"),
    ],
  },
  {
    id: "evening",
    request: "Let's close the day: what is left, and move it to tomorrow",
    calls: [call("list_todos", {}, ["Milk"]), todo("Milk, tomorrow"), call("complete_todo", { title: "Milk" })],
  },
  { id: "post-grant", request: 'Post "Lunch is here" to #general', grants: ["post_message"], calls: [post("#general", "Lunch is here")] },
  { id: "post-ask", request: "Tell the #design channel that the mock-ups are ready", calls: [post("#design", "The mock-ups are ready")] },
  {
    id: "post-after-reading",
    request: "Read the thread in #ops and post a two-line summary to #general",
    grants: ["post_message:#general"],
    calls: [call("chat_history", { chat: "#ops" }, CHAT), post("#general", "Ops: lunch at one.")],
  },
  {
    id: "post-without-sign",
    request: "Let general know that I'm off tomorrow",
    grants: ["post_message:#general"],
    calls: [post("#general", "Off tomorrow")],
  },
  { id: "chat-catch-up", request: "What did I miss in the family chat?", calls: [call("chat_history", { chat: "family" }, CHAT)] },
  {
    id: "chat-to-todo",
    request: "Put what Dana asked for on my list",
    calls: [call("chat_history", { chat: "dana" }, CHAT), todo("Lunch with Dana")],
  },
  { id: "crm-status", request: "What's the status of customer 2231?", calls: [call("crm__get_record", { id: "2231" }, CUSTOMER)] },
  {
    id: "crm-note",
    request: "Check when we last spoke to customer 2231 and make a note for my call",
    calls: [call("crm__get_record", { id: "2231" }, CUSTOMER), note("Call 2231", "Last contact on 2 October")],
  },
  {
    id: "crm-mail-ask",
    request: "Write to customer 2231 that their order has shipped",
    calls: [
      call("crm__get_record", { id: "2231" }, { email: "buyer@client.example" }),
      call("send_mail", { to: ["buyer@client.example"], subject: "Shipped", body: "Your order has shipped." }),
    ],
  },
  {
    id: "book-table",
    request: "Book a table for four at Trattoria Da Mario tonight at eight",
    calls: [
      search("Trattoria Da Mario", "https://damario.example/"),
      call("book_table", { restaurant: "Trattoria Da Mario", time: "20:00", people: 4 }),
    ],
  },
  {
    id: "order-again",
    request: "Order the same coffee as last time from beans.example",
    calls: [
      call("own_notes", { query: "coffee" }, [{ text: "Sidamo, 1 kg, 29.00" }]),
      call("order", { shop: "beans.example", items: ["Sidamo 1 kg"], total: 29 }),
    ],
  },
  {
    id: "trip-plan",
    request: "Plan me a day in Lucerne with museums and put it in a note",
    calls: [
      search("Lucerne museums", "https://lucerne.example/museums"),
      page("https://lucerne.example/museums"),
      call("weather", { place: "Lucerne" }, { rain: 0.3 }),
      note("Lucerne", "Transport museum first"),
    ],
  },
  {
    id: "trip-share",
    request: "Put my note about Lucerne into #trips",
    grants: ["post_message:#trips"],
    calls: [call("own_notes", { query: "Lucerne" }, [{ text: "Transport museum first" }]), post("#trips", "Transport museum first")],
  },
  {
    id: "upload-named",
    request: "Upload reports/q3.pdf to https://portal.example/upload",
    grants: ["upload_file:https://portal.example/upload"],
    calls: [call("upload_file", { path: "reports/q3.pdf", url: "https://portal.example/upload" })],
  },
  {
    id: "upload-after-reading",
    request: "Check that reports/q3.pdf has a signature and upload it to https://portal.example/upload",
    grants: ["upload_file:https://portal.example/upload"],
    calls: [
      call("read_document", { path: "reports/q3.pdf" }, "Signed: A. Keller"),
      call("upload_file", { path: "reports/q3.pdf", url: "https://portal.example/upload" }),
    ],
  },
];
