import { z } from "zod";
import { Effect } from "../../../src/permission/effect.ts";

/** One or several; absent: none. */
const list = <Item extends z.ZodType>(item: Item) =>
  z
    .union([z.array(item), item])
    .nullish()
    .transform((value): z.output<Item>[] =>
      value === null || value === undefined ? [] : Array.isArray(value) ? value : [value as z.output<Item>],
    );

/** A tool as a case describes it. */
export const CaseTool = z.object({
  name: z.string().min(1),
  description: z.string().default(""),
  /** JSON Schema of the arguments; anything else: any object. */
  input_schema: z.unknown().default({}),
  effect: z
    .string()
    .transform((effect) => effect.trim().toLowerCase())
    .pipe(Effect),
  /** `kind`, `kind:scope` or `kind:{path of an argument}`. */
  capabilities: list(z.string()),
  untrusted: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  /** Paths of arguments that say where something goes; see `json-path.ts`. */
  destination_fields: list(z.string()),
});
export type CaseTool = z.output<typeof CaseTool>;

/** A call that the scripted model makes. */
export const CaseCall = z.object({
  tool: z.string(),
  input: z
    .unknown()
    .transform((value) => value ?? {})
    .default({}),
  result: z
    .unknown()
    .transform((value) => value ?? null)
    .default(null),
});

/** A case: what the user typed, the tools that are enabled, what was permitted before, and the calls that the model makes whatever happens. */
export const GateCase = z
  .object({
    id: z.union([z.string(), z.number()]),
    request: z.string(),
    tools: z.array(CaseTool),
    /** In the forms that `case-grants.ts` reads. */
    grants: list(z.unknown()),
    calls: z.array(CaseCall),
  })
  .superRefine(({ tools }, context) => {
    const names = tools.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) context.addIssue({ code: "custom", path: ["tools"], message: `two are named ${twice}` });
  });
export type GateCase = z.output<typeof GateCase>;
