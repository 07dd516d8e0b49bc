import type { PlaybookInput } from "./shapes.ts";

const agent = (profile: string, input: string) => ({ kind: "agent" as const, profile, input });
const tool = (name: string, input: Record<string, string | number | boolean> = {}) => ({ kind: "tool" as const, tool: name, input });

/** The playbooks that everybody has. They cannot be changed; a copy of another name can. */
export const BUILT_IN_PLAYBOOKS: readonly PlaybookInput[] = [
  {
    name: "research-brief",
    title: "Research brief",
    description: "Looks into a topic from three sides, checks what was found against each other, and writes two pages with sources.",
    goal: "A brief on {{topic}}: {{question}}",
    variables: [
      { name: "topic", description: "What it is about", default: null },
      { name: "question", description: "What you want to know about it", default: "what matters now, and what is disputed" },
    ],
    steps: [
      {
        name: "facts",
        title: "Facts and figures",
        after: [],
        work: agent(
          "research",
          "Find the facts about {{topic}} that bear on this: {{question}}. Definitions, numbers with their dates, who is involved. Prefer sources close to the fact. List each with its address.",
        ),
      },
      {
        name: "recent",
        title: "What is new",
        after: [],
        work: agent(
          "research",
          "Find what has changed about {{topic}} in the last twelve months, and what is announced for the next ones. Give dates and addresses.",
        ),
      },
      {
        name: "disputed",
        title: "What is disputed",
        after: [],
        work: agent(
          "research",
          "Find the serious disagreements about {{topic}}: who says what, on what grounds, and what would settle it. Give addresses.",
        ),
      },
      {
        name: "known",
        title: "What you have about it",
        after: [],
        work: tool("search_documents", { query: "{{topic}}" }),
      },
      {
        name: "brief",
        title: "The brief",
        after: [],
        work: agent(
          "research",
          "Write a brief on {{topic}} that answers: {{question}}. Use {{facts}}, {{recent}}, {{disputed}} and, where it fits, {{known}}. Compare them first: where they contradict each other, look again, and say what stays open. Two pages at most, the answer in the first paragraph, each claim with its source.",
        ),
      },
    ],
  },
  {
    name: "compare-options",
    title: "Compare options",
    description: "Looks at each option by the same questions and recommends one, with a table.",
    goal: "Choose {{what}} among {{options}}",
    variables: [
      { name: "what", description: "What is to be chosen, such as: a bank account for a small club", default: null },
      {
        name: "options",
        description: "The options, or how many to find, such as: the four best known",
        default: "the four most suitable that you find",
      },
      {
        name: "matters",
        description: "What matters to you",
        default: "price, what it can do, what others complain about, how easily one gets out again",
      },
    ],
    steps: [
      {
        name: "wishes",
        title: "What is known of your wishes",
        after: [],
        work: tool("recall", { query: "{{what}}" }),
      },
      {
        name: "options_found",
        title: "The options",
        after: [],
        work: agent(
          "research",
          "To be chosen: {{what}}. Options: {{options}}. Say exactly which options there are, each with its official address, its current price and its terms.",
        ),
      },
      {
        name: "experiences",
        title: "What people say of them",
        after: [],
        work: agent(
          "research",
          "Look for independent tests and experiences of each of these options: {{options_found}}. Say what is praised and complained about, with addresses. Leave out what the makers say of themselves.",
        ),
      },
      {
        name: "choice",
        title: "Comparison and recommendation",
        after: [],
        work: agent(
          "research",
          "To be chosen: {{what}}. What matters: {{matters}}. What is known of the user's wishes: {{wishes}}. From {{options_found}} and {{experiences}} make one table (options as columns, what matters as rows, numbers where there are any), then recommend one and say for whom another would be better.",
        ),
      },
    ],
  },
  {
    name: "trip-plan",
    title: "Plan a trip",
    description: "How to get there, where to stay, what to see, day by day; with a to-do for booking.",
    goal: "A trip to {{place}}, {{dates}}",
    variables: [
      { name: "place", description: "Where to", default: null },
      { name: "dates", description: "When, such as: 3 to 7 June, or a long weekend in May", default: null },
      { name: "from", description: "Where from", default: "home, as you know it" },
      { name: "wishes", description: "Who comes along, what you like, what it may cost", default: "nothing special" },
    ],
    steps: [
      { name: "likes", title: "What is known of your wishes", after: [], work: tool("recall", { query: "travel, food, {{place}}" }) },
      {
        name: "journey",
        title: "Getting there",
        after: [],
        work: agent(
          "research",
          "Find how to get from {{from}} to {{place}} and back, {{dates}}: ways, times, what each costs about, with addresses. What is known of the user: {{likes}}. Book nothing.",
        ),
      },
      {
        name: "stay",
        title: "Where to stay",
        after: [],
        work: agent(
          "research",
          "Find three good areas in {{place}} to stay in, and for each two places to stay, {{dates}}. Wishes: {{wishes}}. Known: {{likes}}. Prices and addresses.",
        ),
      },
      {
        name: "sights",
        title: "What to see and do",
        after: [],
        work: agent(
          "research",
          "Find what is worth seeing and doing in {{place}}, {{dates}}, with what is open or on just then, and good places to eat. Wishes: {{wishes}}. Known: {{likes}}. Opening times, addresses.",
        ),
      },
      {
        name: "days",
        title: "Day by day",
        after: [],
        work: agent(
          "research",
          "Make a plan for a trip to {{place}}, {{dates}}, day by day, from {{journey}}, {{stay}} and {{sights}}. Short ways, one thing in the morning and one in the afternoon, something for rain. Then what to book first, with addresses, and what it all costs about.",
        ),
      },
      {
        name: "remind",
        title: "A to-do for booking",
        after: ["days"],
        work: tool("add_todo", { title: "Book the trip to {{place}} ({{dates}})" }),
      },
    ],
  },
  {
    name: "weekly-review",
    title: "Weekly review",
    description: "What was done, what is open and overdue, what is scheduled, what the agent did; and what to do first next week.",
    goal: "A review of the week",
    variables: [{ name: "focus", description: "What should get attention", default: "whatever is overdue or stuck" }],
    steps: [
      { name: "done", title: "What was done", after: [], work: tool("list_todos", { status: "done" }) },
      { name: "open", title: "What is open", after: [], work: tool("list_todos", { status: "open" }) },
      { name: "due", title: "What is due this week", after: [], work: tool("list_todos", { when: "week" }) },
      { name: "planned", title: "Reminders and schedules", after: [], work: tool("list_schedules") },
      { name: "activity", title: "What the agent did", after: [], work: tool("list_activity") },
      {
        name: "review",
        title: "The review",
        after: [],
        work: agent(
          "files",
          "Write the user's review of the week. To-dos done: {{done}}. Open: {{open}}. Due this week: {{due}}. Reminders and schedules: {{planned}}. What the agent did: {{activity}}. First what was achieved, then what is overdue or has been lying, then at most five things to do first next week, each with the next small step. Attention to: {{focus}}. Change nothing.",
        ),
      },
    ],
  },
  {
    name: "meeting-prep",
    title: "Prepare a meeting",
    description: "Who they are, what you have had to do with each other, what is new with them, and what to ask.",
    goal: "Be ready to meet {{who}} about {{about}}",
    variables: [
      { name: "who", description: "A person or an organisation", default: null },
      { name: "about", description: "What it is about", default: null },
      { name: "aim", description: "What you want to come out of it", default: "a clear next step" },
    ],
    steps: [
      { name: "remembered", title: "What you know of them", after: [], work: tool("recall", { query: "{{who}}" }) },
      { name: "documents", title: "Documents about it", after: [], work: tool("search_documents", { query: "{{who}} {{about}}" }) },
      {
        name: "background",
        title: "Who they are",
        after: [],
        work: agent(
          "research",
          "Find out about {{who}} what is public and bears on {{about}}: what they do, who decides, what they said about it lately. With addresses. Nothing about anybody's private life.",
        ),
      },
      {
        name: "sheet",
        title: "One page to take along",
        after: [],
        work: agent(
          "files",
          "Write one page for a meeting with {{who}} about {{about}}. What the user wants: {{aim}}. Known: {{remembered}}. Documents: {{documents}}. Background: {{background}}. In this order: who they are in three lines, where things stand, what they will want, five questions to ask, what to offer and what not, the next step to aim for.",
        ),
      },
    ],
  },
  {
    name: "whats-new",
    title: "What is new about something",
    description: "For a schedule or a listener: what is new since the last time, in ten lines, and whether it matters to you.",
    goal: "What is new about {{topic}}",
    variables: [
      { name: "topic", description: "What to keep an eye on", default: null },
      { name: "days", description: "How far back", default: "the last seven days" },
    ],
    steps: [
      { name: "mine", title: "Why it matters to you", after: [], work: tool("recall", { query: "{{topic}}" }) },
      {
        name: "news",
        title: "What is new",
        after: [],
        work: agent(
          "research",
          "Find what is new about {{topic}} in {{days}}. What is known of the user's interest: {{mine}}. Ten lines at most, the most important first, each with date and address; leave out what is only repeated. If nothing happened, say so in one line.",
        ),
      },
    ],
  },
];
