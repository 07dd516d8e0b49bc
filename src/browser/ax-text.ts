import { z } from "zod";
import { cut } from "./cut.ts";

const Value = z.object({ value: z.unknown().optional() });
/** A node of the accessibility tree (https://chromedevtools.github.io/devtools-protocol/tot/Accessibility/). */
export const AxNode = z.object({
  nodeId: z.string(),
  ignored: z.boolean(),
  role: Value.optional(),
  name: Value.optional(),
  value: Value.optional(),
  description: Value.optional(),
  properties: z.array(z.object({ name: z.string(), value: Value })).optional(),
  childIds: z.array(z.string()).optional(),
  parentId: z.string().optional(),
  backendDOMNodeId: z.number().optional(),
});
export type AxNode = z.infer<typeof AxNode>;

export interface AxContext {
  /** The name of an element that can be acted on, and whether its value is hidden. */
  ref(node: number, role: string, label: string): { name: string; hidden: boolean };
  /** The lines of the document in a frame; null: there is none. */
  frame(node: number): string[] | null;
  link(url: string): void;
  /** Of the document. */
  base: string;
}

/** Roles of what can be acted on; their content is their name. */
const CONTROLS = new Set([
  "button",
  "link",
  "textbox",
  "searchbox",
  "checkbox",
  "radio",
  "combobox",
  "listbox",
  "option",
  "menuitem",
  "menuitemcheckbox",
  "menuitemradio",
  "tab",
  "switch",
  "slider",
  "spinbutton",
  "treeitem",
  "DisclosureTriangle",
  "PopUpButton",
  "ComboBoxMenuButton",
  "ToggleButton",
  "ColorWell",
  "Date",
  "DateTime",
  "InputTime",
]);
/** Controls with things in them. */
const OPEN = new Set(["listbox", "treeitem"]);
/** What begins and ends a line. */
const BLOCKS =
  /^(?:paragraph|heading|listitem|list|row|table|grid|form|dialog|alertdialog|alert|article|main|navigation|banner|contentinfo|complementary|region|section|search|status|log|figure|blockquote|code|LabelText|group|radiogroup|toolbar|menu|menubar|tablist|tabpanel|term|definition|DescriptionList|Pre|Section|LayoutTable|LayoutTableRow|generic|separator|fieldset|legend|caption|Iframe|LineBreak|HeaderAsNonLandmark|FooterAsNonLandmark|SectionHeader|SectionFooter)$/;
const STATES: Readonly<Record<string, string>> = {
  checked: "checked",
  disabled: "disabled",
  required: "required",
  expanded: "expanded",
  selected: "selected",
  pressed: "pressed",
  readonly: "read only",
  invalid: "not valid",
  focused: "focused",
};
const MAX_DEPTH = 200;

/** A document's accessibility tree as lines of text, with the names of what can be acted on: `[e12] button "Pay"`. */
export function axText(nodes: readonly AxNode[], context: AxContext): string[] {
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const lines: string[] = [];
  let line = "";
  const end = (): void => {
    const text = line.replaceAll(/\s+/gu, " ").trim();
    if (text !== "") lines.push(text);
    line = "";
  };
  const add = (text: string): void => {
    line += text;
  };
  const visit = (node: AxNode, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    const role = textOf(node.role);
    const children = (node.childIds ?? []).flatMap((id) => byId.get(id) ?? []);
    const inside = (): void => {
      for (const child of children) visit(child, depth + 1);
    };
    if (node.ignored || role === "none" || role === "RootWebArea") return inside();
    if (role === "StaticText") return add(rawOf(node.name));
    if (role === "InlineTextBox") return;
    if (role === "LineBreak") return end();
    if (node.backendDOMNodeId !== undefined && (CONTROLS.has(role) || isEditable(node))) {
      end();
      // A label that stands before its field is in the field's own line.
      const label = textOf(node.name);
      if (label !== "" && lines.at(-1) === label) lines.pop();
      lines.push(control(node, role, context));
      if (OPEN.has(role)) inside();
      return;
    }
    if (role === "image" || role === "img") {
      if (textOf(node.name) !== "") add(` [image: ${textOf(node.name)}] `);
      return inside();
    }
    if (role === "Iframe" && node.backendDOMNodeId !== undefined) {
      end();
      lines.push(...(context.frame(node.backendDOMNodeId) ?? []));
      return;
    }
    if (role === "heading") {
      end();
      add(`${"#".repeat(Math.min(Math.max(Number(property(node, "level") ?? 2), 1), 6))} `);
      inside();
      return end();
    }
    if (/^(?:cell|gridcell|columnheader|rowheader|LayoutTableCell)$/.test(role)) {
      if (line.trim() !== "") add(" | ");
      return inside();
    }
    if (!BLOCKS.test(role)) return inside();
    end();
    if (role === "listitem") add("- ");
    if (role === "dialog" || role === "alertdialog" || role === "alert")
      lines.push(`(${role}${textOf(node.name) === "" ? "" : ` ${JSON.stringify(textOf(node.name))}`})`);
    inside();
    if (line.trim() === "-") line = "";
    return end();
  };
  const root = nodes.find(({ parentId }) => parentId === undefined);
  if (root !== undefined) visit(root, 0);
  end();
  return lines;
}

function control(node: AxNode, role: string, { ref, link, base }: AxContext): string {
  const label = cut(textOf(node.name), 200);
  const { name, hidden } = ref(node.backendDOMNodeId ?? 0, role, label);
  const value = textOf(node.value);
  const states = Object.entries(STATES).flatMap(([state, words]) => {
    const on = property(node, state);
    if (state === "checked" && on === "mixed") return ["partly checked"];
    return on === true || on === "true" ? [words] : [];
  });
  const url = role === "link" ? property(node, "url") : undefined;
  if (typeof url === "string") link(url);
  return [
    `[${name}] ${role}`,
    ...(label === "" ? [] : [JSON.stringify(label)]),
    ...(value === "" ? [] : [`= ${hidden ? '"••••••"' : JSON.stringify(cut(value, 500))}`]),
    ...(states.length === 0 ? [] : [`(${states.join(", ")})`]),
    ...(typeof url === "string" ? [`→ ${shown(url, base)}`] : []),
  ].join(" ");
}

const isEditable = (node: AxNode): boolean => property(node, "editable") === "richtext" && property(node, "focusable") === true;
const property = (node: AxNode, name: string): unknown => node.properties?.find((one) => one.name === name)?.value.value;
/** White space at its ends tells words apart. */
const rawOf = (value: z.infer<typeof Value> | undefined): string =>
  typeof value?.value === "string" ? value.value.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ") : "";
const textOf = (value: z.infer<typeof Value> | undefined): string =>
  typeof value?.value === "string"
    ? value.value.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim()
    : typeof value?.value === "number"
      ? String(value.value)
      : "";

/** Without what the page's own address says already. */
function shown(url: string, base: string): string {
  const [to, from] = [URL.parse(url), URL.parse(base)];
  const text = to !== null && from !== null && to.origin === from.origin ? `${to.pathname}${to.search}${to.hash}` : url;
  return cut(text, 300);
}
