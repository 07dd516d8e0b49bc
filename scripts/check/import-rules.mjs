import { posix } from "node:path";

const { dirname } = posix;

/**
 * The direction of imports, as data. Imports point inwards: worker and objects → app, http, registries, drivers → agent → ports and
 * permission → errors. Each rule says for one import whether it breaks it, and why the rule is there.
 */

/** Which driver a file belongs to, as `port/name`, or null. A driver is `<port>/<name>.ts` and the folder `<port>/<name>/`. */
const DRIVERS = {
  "src/channels": ["web", "http", "openai", "command", "webhook", "telegram", "email", "cli"],
  "src/models": ["anthropic", "openai-compatible", "workers-ai", "ai-gateway", "offline"],
  "src/tools": [
    "todos",
    "activity",
    "settings",
    "web",
    "memory",
    "knowledge",
    "schedule",
    "events",
    "tasks",
    "plans",
    "browser",
    "code",
    "linux",
    "skills",
  ],
  "src/memory/embedders": ["local", "workers-ai", "openai-compatible"],
  "src/memory/vectors": ["object", "vectorize"],
};

/** Contracts that live beside a driver but belong to its port: shapes the API, the page and others share. */
const CONTRACTS = new Set(["src/tools/todos/todo.ts", "src/channels/email/mail-event.ts"]);

export function driverOf(file) {
  if (CONTRACTS.has(file)) return null;
  for (const [port, names] of Object.entries(DRIVERS)) {
    for (const name of names) if (file === `${port}/${name}.ts` || file.startsWith(`${port}/${name}/`)) return `${port}/${name}`;
  }
  return null;
}

/** A vendor's package and the only places that may know it. */
const VENDORS = [
  [/^@ai-sdk\/anthropic$/, ["src/models/anthropic.ts", "src/models/anthropic/"]],
  [/^@anthropic-ai\/sdk$/, ["src/models/anthropic.ts", "src/models/anthropic/"]],
  [/^@ai-sdk\/openai-compatible$/, ["src/models/openai-compatible.ts", "src/models/openai-compatible/"]],
  [/^workers-ai-provider$/, ["src/models/workers-ai.ts", "src/models/workers-ai/"]],
  [/^(grammy|@grammyjs\/)/, ["src/channels/telegram.ts", "src/channels/telegram/"]],
  [/^(better-auth|@better-auth\/|better-call)/, ["src/auth/"]],
  [/^drizzle-orm$/, ["src/db/"]],
  [/^htmlparser2$/, ["src/html/", "src/knowledge/parse/"]],
  [/^unpdf$/, ["src/knowledge/parse/pdf.ts", "src/knowledge/parse/pdf/"]],
  [/^postal-mime$/, ["src/knowledge/parse/eml.ts", "src/channels/email/read-mail.ts"]],
  [/^fflate$/, ["src/knowledge/parse/inflate.ts", "src/skills/write-zip.ts", "src/sandbox/linux/http-sandbox.ts"]],
  [/^chrono-node$/, ["src/dates/"]],
  [/^croner$/, ["src/schedule/cron-expression.ts"]],
  [/^yaml$/, ["src/skills/read-yaml.ts"]],
  [/^porter2$/, ["src/memory/analyze.ts", "src/memory/irregular-forms.ts"]],
  [/^@pydantic\/genai-prices$/, ["src/models/prices.ts"]],
  [/^agents$/, ["durable-objects/", "src/models/ai-gateway.ts", "src/models/gateway.ts"]],
  [/^cloudflare:/, ["durable-objects/", "src/worker.ts", "src/worker.local.ts"]],
];

/** Value imports the page may take from outside: shapes of the API, with nothing of the server behind them. */
const API_SHAPES = [
  "src/errors.ts",
  "src/channels/message.ts",
  "src/channels/events.ts",
  "src/channels/socket-protocol.ts",
  "src/tools/todos/todo.ts",
  "src/models/provider.ts",
  "src/agent/shapes.ts",
  "src/agent/context-shapes.ts",
  "src/memory/shapes.ts",
  "src/knowledge/shapes.ts",
  // What can be read, and how it is called, is the same on both sides.
  "src/knowledge/formats.ts",
  "src/schedule/shapes.ts",
  "src/events/shapes.ts",
  "src/tasks/shapes.ts",
  "src/plans/shapes.ts",
  "src/workspace/shapes.ts",
  // Versions are compared alike on the page and in what a person is asked.
  "src/skills/line-diff.ts",
  "src/skills/shapes.ts",
  // What a path may hold, and how sizes are said, is the same on both sides.
  "src/workspace/path.ts",
  "src/workspace/named-path.ts",
  "src/workspace/size-of.ts",
  // What a person says yes to reads alike on the page and in a chat.
  "src/channels/approval-subject.ts",
  "src/channels/long-texts.ts",
  // What a number in an answer leads to is the same on the page and in a chat.
  "src/channels/cited-sources.ts",
  // A tool is called the same on the page and in what a person is told.
  "src/permission/tool-title.ts",
  // What the parser of Markdown cannot take is shown as it is written on both sides.
  "src/channels/is-tangled.ts",
  "src/channels/read-markdown.ts",
  // What bytes are as text is the same on both sides.
  "src/encoding.ts",
];

const within = (file, places) => places.some((place) => (place.endsWith("/") ? file.startsWith(place) : file === place));

/** @type {{ name: string, why: string, breaks(edge: import("./import-graph.mjs").Edge): boolean }[]} */
export const RULES = [
  {
    name: "permission-is-alone",
    why: "the kernel is read line by line: it may use src/errors.ts and zod, nothing else",
    breaks: ({ from, to }) => from.startsWith("src/permission/") && !within(to, ["src/permission/", "src/errors.ts", "zod"]),
  },
  {
    name: "agent-is-pure",
    why: "the loop takes ports; it must run in plain Node without bindings, databases or vendors (of the object's stores it may know the types)",
    breaks: ({ from, to, types }) =>
      from.startsWith("src/agent/") &&
      (driverOf(to) !== null ||
        /^(cloudflare:|drizzle-orm|grammy|@grammyjs|hono|better-auth|agents$)/.test(to) ||
        within(to, [
          "src/db/",
          "src/http/",
          "src/auth/",
          "src/web/",
          "src/local/",
          "durable-objects/",
          "src/env.ts",
          "src/stubs.ts",
          "src/app.ts",
          "src/worker.ts",
        ])) &&
      to !== "src/auth/principal.ts" &&
      !(types && to.startsWith("src/db/object/")),
  },
  {
    name: "drivers-apart",
    why: "a driver can be removed or added alone: what two of a port share belongs beside the port",
    breaks: ({ from, to }) => {
      const [a, b] = [driverOf(from), driverOf(to)];
      return a !== null && b !== null && a !== b && dirname(a) === dirname(b);
    },
  },
  {
    name: "vendor-in-its-driver",
    why: "a vendor's package is known in one place only",
    breaks: ({ from, to }) => !from.startsWith("src/web/") && VENDORS.some(([vendor, places]) => vendor.test(to) && !within(from, places)),
  },
  {
    name: "page-sees-only-the-api",
    why: "the page may use the API's types and the shapes of its messages, no code of the server",
    breaks: ({ from, to, types, local }) =>
      local && from.startsWith("src/web/") && !to.startsWith("src/web/") && !types && !API_SHAPES.includes(to),
  },
  {
    name: "nothing-uses-the-page",
    why: "the server must not depend on the browser app",
    breaks: ({ from, to }) => !from.startsWith("src/web/") && to.startsWith("src/web/"),
  },
  {
    name: "local-stays-local",
    why: "src/local/ signs a person in without a secret; only the local entry may reach it, so that no deployed Worker holds it",
    breaks: ({ from, to }) =>
      (to.startsWith("src/local/") && !from.startsWith("src/local/") && from !== "src/worker.local.ts") || to === "src/worker.local.ts",
  },
  {
    name: "inwards",
    why: "objects and the Worker are the outermost ring",
    breaks: ({ from, to, types }) =>
      !types &&
      ((to.startsWith("durable-objects/") &&
        !within(from, ["durable-objects/", "src/worker.ts", "src/worker.local.ts", "src/worker.sandbox.ts"])) ||
        (["src/app.ts", "src/worker.ts"].includes(to) && !["src/worker.ts", "src/worker.local.ts"].includes(from))),
  },
  {
    name: "modules-apart",
    why: "the PDF reader is a module of its own (scripts/build-modules.mjs): part of the Worker, it would be a quarter of its upload",
    breaks: ({ from, to }) => to === "src/knowledge/parse/pdf.ts" && from !== "src/knowledge/parse/pdf/reader-module.ts",
  },
  {
    name: "no-tests-in-the-product",
    why: "test code does not ship",
    breaks: ({ to, local }) => local && to.startsWith("test/"),
  },
];
