import { z } from "zod";
import { fileValue } from "./carried.ts";
import type { Expected } from "./not-shown.ts";
import type { Handle, Refs } from "./refs.ts";

/** A field of a form. `value`: as it is read, so it stays in here; what people and the model see of it is {@link shownFields}. */
export const Field = z.object({
  label: z.string(),
  type: z.string(),
  value: z.string(),
  hidden: z.boolean(),
  secret: z.boolean(),
  /** The name that it is sent by; empty: it is not sent. */
  name: z.string(),
  /** What is sent for it; of files the name, and their size in bytes. */
  sends: z.array(z.object({ value: z.string(), size: z.number().optional() })),
});
export type Field = z.infer<typeof Field>;

export const ElementFacts = z.object({
  tag: z.string(),
  type: z.string(),
  /** What is written on it. */
  text: z.string(),
  /** A click or Enter on it sends the form it is in. */
  submits: z.boolean(),
  /** Enter in it sends the form. */
  entersForm: z.boolean(),
  /** The form it is in: how and where it sends; null: it is in none. */
  form: z.object({ method: z.string(), action: z.string() }).nullable(),
  fields: z.array(Field),
  editable: z.boolean(),
  options: z.array(z.string()),
  /** It takes files. */
  file: z.boolean(),
});
export type ElementFacts = z.infer<typeof ElementFacts>;

/** Runs in the page's document, in a world of ours: prototypes are the browser's own there. */
const FACTS = `function (secretAttribute) {
  const clean = (text) => String(text ?? "").replace(/\\s+/g, " ").trim();
  // A form's fields are its properties by their names, and hide its own ones: these are taken from where they are defined.
  const own = (proto, name, of) => Object.getOwnPropertyDescriptor(proto, name).get.call(of);
  const attribute = (of, name) => Element.prototype.getAttribute.call(of, name);
  const closest = (of, what) => Element.prototype.closest.call(of, what);
  const element = this.nodeType === 1 ? this : this.parentElement;
  const label = closest(element, "label");
  const target = label?.control ?? closest(element, "button, input, select, textarea, a, [role], [contenteditable]") ?? element;
  const base = own(Node.prototype, "baseURI", target);
  const form = (/^(?:BUTTON|INPUT|SELECT|TEXTAREA)$/.test(target.tagName) ? target.form : null) ?? closest(target, "form");
  const action = (text) => URL.canParse(text, base) ? new URL(text, base).href : base;
  const type = (attribute(target, "type") ?? (target.tagName === "BUTTON" ? "submit" : "")).toLowerCase();
  const submits = form !== null && form !== undefined && ((target.tagName === "BUTTON" && type !== "button" && type !== "reset") || (target.tagName === "INPUT" && (type === "submit" || type === "image")));
  const words = (label) => {
    if (!label) return "";
    const copy = label.cloneNode(true);
    for (const inner of copy.querySelectorAll("input, select, textarea, button")) inner.remove();
    return clean(copy.textContent);
  };
  const nameOf = (field) => clean(words(field.labels?.[0]) || field.getAttribute("aria-label") || field.getAttribute("placeholder") || field.name || field.id).slice(0, 2_000);
  const valueOf = (field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked ? (field.value === "on" ? "yes" : field.value) : "";
    if (field.type === "file") return [...field.files].map((file) => file.name).join(", ");
    if (field.tagName === "SELECT") return [...field.selectedOptions].map((option) => clean(option.textContent)).join(", ");
    return field.value ?? "";
  };
  const sent = (field) => {
    if (field.type === "file") return [...field.files].map((file) => ({ value: file.name, size: file.size }));
    if (field.tagName === "SELECT") return [...field.selectedOptions].map((option) => ({ value: option.value }));
    return [{ value: field.value ?? "" }];
  };
  const scope = form ? [...own(HTMLFormElement.prototype, "elements", form)] : [...Document.prototype.querySelectorAll.call(document, "input, select, textarea")];
  const fields = scope.filter((field) => /^(?:INPUT|SELECT|TEXTAREA)$/.test(field.tagName) && !["submit", "button", "reset", "image"].includes(field.type) && !((field.type === "radio" || field.type === "checkbox") && !field.checked))
    .slice(0, 5_000).map((field) => ({ label: nameOf(field), type: field.type, value: valueOf(field), hidden: field.type === "hidden", secret: field.type === "password" || field[Symbol.for("margay secret")] === true, name: field.name ?? "", sends: sent(field) }));
  const submitter = submits ? target : null;
  // Enter presses the first button of the form.
  const presses = submitter ?? (form ? scope.find((one) => (one.tagName === "BUTTON" && one.type === "submit") || (one.tagName === "INPUT" && one.type === "submit")) : null) ?? null;
  if (presses?.name && (submits || target.tagName === "INPUT"))
    fields.push({ label: clean(presses.name), type: presses.type, value: presses.value, hidden: true, secret: false, name: presses.name, sends: [{ value: presses.value }] });
  return {
    tag: target.tagName.toLowerCase(), type, text: clean(target.tagName === "INPUT" && submits ? target.value : target.innerText ?? target.textContent).slice(0, 2_000),
    submits, entersForm: form !== null && form !== undefined && target.tagName === "INPUT",
    form: form ? { method: (submitter?.getAttribute("formmethod") ?? attribute(form, "method") ?? "get").toUpperCase(), action: action(submitter?.getAttribute("formaction") ?? attribute(form, "action") ?? "") } : null,
    fields, editable: target.isContentEditable || (/^(?:INPUT|TEXTAREA)$/.test(target.tagName) && !target.readOnly && !target.disabled),
    options: target.tagName === "SELECT" ? [...target.options].map((option) => clean(option.textContent)).slice(0, 200) : [], file: target.tagName === "INPUT" && type === "file",
  };
}`;

export const elementFacts = (refs: Refs, handle: Handle): Promise<ElementFacts> => refs.call(handle, FACTS, [], ElementFacts);

/** Fields that a person is shown. */
const MAX_SHOWN = 60;

/** Fields as they are shown, not yet cut: secrets as dots; of very many those first that can be seen. */
export function shownFields(fields: readonly Field[]): { field: string; value: string }[] {
  const all = fields.filter(({ value, hidden }) => value !== "" || !hidden);
  const most = all.length <= MAX_SHOWN ? all : all.toSorted((a, b) => Number(a.hidden) - Number(b.hidden)).slice(0, MAX_SHOWN);
  const shown = most.map(({ label, value, hidden, secret }) => ({
    field: `${nameOf(label)}${hidden ? " (hidden)" : ""}`,
    value: secret ? (value === "" ? "" : "••••••") : value,
  }));
  return most.length === all.length ? shown : [...shown, { field: "(not shown)", value: `${all.length - most.length} more` }];
}

/** Whether a field is hidden is ours to say. */
function nameOf(label: string): string {
  const name = label.replace(/(?:\s*\(hidden\))+$/i, "");
  return name === "" ? "(without a name)" : name;
}

/** A text without what stands in secret fields, as it is and as forms write it. */
export function withoutSecrets(text: string, fields: readonly Field[]): string {
  return fields
    .filter(({ secret, value }) => secret && value.length > 0)
    .flatMap(({ value }) => [
      value,
      encodeURIComponent(value),
      new URLSearchParams([["", value]]).toString().slice(1),
      JSON.stringify(value).slice(1, -1),
    ])
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, value) => rest.replaceAll(value, "••••••"), text);
}

/** What a form sends as it is: what a person was shown of its request before there is one. */
export function formCarries({ form, type, fields }: ElementFacts): Expected {
  const query = [...new URL(form?.action ?? "about:blank").searchParams].map(([name, value]) => ({ name, value }));
  const values = fields.flatMap(({ name, sends, type: kind }) => {
    if (name === "_charset_") return [{ name, value: "UTF-8" }];
    // Without a file its field is sent all the same.
    if (kind === "file")
      return sends.length === 0 ? [{ name, value: "" }] : sends.map((one) => ({ ...one, name, value: fileValue(one.value) }));
    return sends.map((one) => ({ ...one, name }));
  });
  const pictures =
    type === "image" ? ["x", "y", ...fields.filter((one) => one.type === "image").flatMap(({ name }) => [`${name}.x`, `${name}.y`])] : [];
  return { values: [...query, ...values.filter(({ name }) => name !== "")], around: [], opaque: null, coordinates: pictures };
}
