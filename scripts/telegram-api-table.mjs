#!/usr/bin/env node
// Writes the compact table that the strict Bot API server of the tests checks calls against.
//
//   node scripts/telegram-api-table.mjs API.JSON
//
// API.JSON is the specification of github.com/PaulSonOfLars/telegram-bot-api-spec (MIT). Kept are the methods with their parameters,
// and the types that parameters and updates are made of. Each is one line of `field:Type|Other[]`, a `!` after the name of a required
// field; a choice between types is `=Type|Other`.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const source = process.argv[2];
if (!source) {
  process.stderr.write("usage: node scripts/telegram-api-table.mjs API.JSON\n");
  process.exit(2);
}
const api = JSON.parse(readFileSync(source, "utf8"));

/** `Array of Array of X` as `X[][]`. */
const typeName = (type) => type.replaceAll("Array of ", "") + "[]".repeat(type.split("Array of ").length - 1);
const fieldsOf = (fields = []) =>
  fields.map((field) => `${field.name}${field.required ? "!" : ""}:${field.types.map(typeName).join("|")}`).join(" ");

const methods = Object.fromEntries(Object.values(api.methods).map((method) => [method.name, fieldsOf(method.fields)]));

const types = {};
const visit = (name) => {
  const base = name.replaceAll("Array of ", "");
  const type = api.types[base];
  if (!type || types[base]) return;
  // A choice between types is a string of them; anything else is an object of fields.
  types[base] = type.subtypes?.length ? `=${type.subtypes.map(typeName).join("|")}` : fieldsOf(type.fields);
  for (const next of type.subtypes ?? []) visit(next);
  for (const field of type.fields ?? []) for (const next of field.types) visit(next);
};
for (const method of Object.values(api.methods)) for (const field of method.fields ?? []) for (const type of field.types) visit(type);
visit("Update");

const sorted = (object) =>
  Object.keys(object)
    .toSorted()
    .map((key) => `    ${JSON.stringify(key)}: ${JSON.stringify(object[key])}`)
    .join(",\n");
const text = `{\n  "version": ${JSON.stringify(api.version)},\n  "methods": {\n${sorted(methods)}\n  },\n  "types": {\n${sorted(types)}\n  }\n}\n`;
writeFileSync(fileURLToPath(new URL("../test/support/telegram-api/table.json", import.meta.url)), text);
process.stdout.write(`${Object.keys(methods).length} methods, ${Object.keys(types).length} types, ${text.length} characters\n`);
