import { z } from "zod";
import { unlessRefused } from "../../errors.ts";
import { readHost } from "../../permission/host.ts";
import { sizeOf } from "../../workspace/size-of.ts";
import { FILES_READ } from "../files/files-port.ts";
import type { BrowserPort, FileState } from "./browser-port.ts";
import { answer, browserTool, callerOf, reaching } from "./browser-tool.ts";

const Field = z
  .strictObject({
    ref: z.string().max(12),
    text: z.string().max(20_000).optional(),
    secret: z.string().min(1).max(64).optional().describe("name of a stored secret to fill in; the user is asked"),
    file: z.string().min(1).max(1_024).optional().describe("path of a file of the user's to choose; the user is asked"),
    /** Which file the user said yes to, put there when they are asked. */
    seen: z.string().max(100).optional().describe("leave out"),
  })
  .refine(({ text, secret, file }) => [text, secret, file].filter((one) => one !== undefined).length === 1, {
    message: "give one of text, secret, file",
  });

const Input = z.strictObject({
  site: z.string().min(1).max(260).describe("host of the page that the fields are on"),
  fields: z.array(Field).min(1).max(30),
});
type Input = z.infer<typeof Input>;

/**
 * Fills in fields. A page sees what is typed into it and can send that on by itself, so this goes where the user named, or is asked about. Secrets and files always are.
 */
export const browserType = browserTool({
  name: "browser_type",
  version: 1,
  description: "Fill in fields of the page in the browser. Nothing is sent by it",
  input: Input,
  capabilities: ({ site, fields }) => [
    reaching(site),
    ...fields.flatMap(({ secret, file }) => [
      ...(secret === undefined ? [] : [`secrets.use:${secret}`]),
      ...(file === undefined ? [] : [FILES_READ]),
    ]),
  ],
  effect: ({ fields }) => (fields.every(({ text }) => text !== undefined) ? "read" : "external"),
  // Another secret is another question, and at the path of a file another one may lie by then.
  standing({ fields }) {
    if (fields.some(({ file }) => file !== undefined)) return "never";
    return fields.every(({ text }) => text !== undefined) ? "place" : "same";
  },
  destinations: ({ site }) => [site],
  replay: "never",
  describe: (input) => describe(input),
  asked({ site, fields }, { browser }, { id, conversationId }) {
    const files = new Map(fields.flatMap(({ file }) => (file === undefined ? [] : [[file, stateOf(file, browser)] as const])));
    for (const [path, state] of files) if (state === null) return { refused: `There is no file ${path}.` };
    return {
      input: {
        site,
        fields: fields.map((field) => (field.file === undefined ? field : { ...field, seen: files.get(field.file)?.seen })),
      },
      description: describe(
        { site, fields },
        (path) => ` (${sizeOf(files.get(path)?.size ?? 0)})`,
        (ref) => {
          const name = browser.named({ callId: id, conversationId }, ref);
          return name === null ? `[${ref}]` : `${name} [${ref}]`;
        },
      ),
    };
  },
  async execute({ site, fields }, context) {
    const shown = await context.stores.browser.type(callerOf(context), siteOf(site), fields);
    return answer(shown, `Filled in ${fields.length === 1 ? "a field" : `${fields.length} fields`} on ${site}`);
  },
});

/** Characters of each text. */
const SHOWN = 200;

/** What is given away stands first, and no text is so long that another field is not seen. */
function describe(
  { site, fields }: Input,
  about: (path: string) => string = () => "",
  place: (ref: string) => string = (ref) => `[${ref}]`,
): string {
  const first = fields.toSorted((a, b) => Number(a.text !== undefined) - Number(b.text !== undefined));
  return `Type on ${site}: ${first.map((field) => words(field, about, place(field.ref))).join(", ")}`;
}

function words({ text, secret, file }: Input["fields"][number], about: (path: string) => string, place: string): string {
  if (secret !== undefined) return `the secret ${secret} into ${place}`;
  if (file !== undefined) return `the file ${file}${about(file)} into ${place}`;
  const typed = text ?? "";
  return `${JSON.stringify(typed.length > SHOWN ? `${typed.slice(0, SHOWN).toWellFormed()}…` : typed)} into ${place}`;
}

/** What is no path leads to no file. */
const stateOf = (path: string, browser: BrowserPort): FileState | null => unlessRefused(() => browser.fileState(path));

/** As browsers write it. */
function siteOf(site: string): string {
  const host = readHost(site);
  return host === null ? site : `${host.name}${host.port === null ? "" : `:${host.port}`}`;
}
