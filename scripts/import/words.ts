import type { ImportPlan, ImportReport } from "../../src/import/shapes.ts";

const FORMATS: Record<ImportPlan["format"], string> = {
  openclaw: "an OpenClaw workspace",
  chatgpt: "a ChatGPT export",
  claude: "a Claude export",
  markdown: "Markdown",
};
const KINDS = {
  persona: ["persona", "personas"],
  memory: ["memory", "memories"],
  conversation: ["conversation", "conversations"],
  document: ["document", "documents"],
  skill: ["skill", "skills"],
} as const satisfies Record<keyof ImportReport["added"], readonly [string, string]>;
const SHOWN = 20;

/** A plan as a terminal shows it. */
export function planText({ format, lines, skipped }: ImportPlan): string {
  const found = lines.map(({ what, examples }) =>
    [`  • ${what}`, ...examples.map((example) => `      “${example.replaceAll("\n", "\n      ")}”`)].join("\n"),
  );
  return `This is ${FORMATS[format]}. What will be done:\n\n${found.join("\n")}\n\n${leftOut(skipped)}`;
}

/** A report as a terminal shows it. */
export function reportText({ status, added, known, skipped, error }: ImportReport): string {
  const line = (label: string, counts: ImportReport["added"]): string => {
    const some = Object.entries(KINDS).flatMap(([kind, [one, many]]) => {
      const count = counts[kind as keyof typeof KINDS];
      return count > 0 ? [`${count.toLocaleString("en")} ${count === 1 ? one : many}`] : [];
    });
    return some.length === 0 ? "" : `${label}: ${some.join(", ")}.\n`;
  };
  const head = status === "failed" ? `It did not work out: ${error?.message ?? "something went wrong."}\n` : "Done.\n";
  const nothing = Object.values(added).every((count) => count === 0) ? "Nothing new was added.\n" : "";
  return `${head}${line("Added", added)}${nothing}${line("There already", known)}${leftOut(skipped)}`;
}

function leftOut(skipped: ImportPlan["skipped"]): string {
  if (skipped.length === 0) return "";
  const rows = skipped.slice(0, SHOWN).map(({ path, reason }) => `  - ${path}: ${reason}`);
  const more = skipped.length - rows.length;
  return `Left out:\n${rows.join("\n")}\n${more > 0 ? `  - and ${more} more.\n` : ""}`;
}
