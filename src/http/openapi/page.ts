import type { MediaType, OpenApi, Operation } from "./document.ts";
import { type Piece, presetOf, schemaText } from "./schema-text.ts";
import { STYLE } from "./style.ts";

/** Text as HTML, safe between tags and in quoted attributes. */
const esc = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");

/** Escaped text with `code` between backticks. */
const prose = (text: string): string => esc(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");

const pieces = (all: Piece[]): string =>
  all.map((piece) => (typeof piece === "string" ? esc(piece) : `<a href="#schema-${esc(piece.link)}">${esc(piece.link)}</a>`)).join("");

let csp: Promise<string> | null = null;

/** The page's Content-Security-Policy: nothing but its own style, named by hash. */
export function docsCsp(): Promise<string> {
  csp ??= crypto.subtle.digest("SHA-256", new TextEncoder().encode(STYLE)).then((digest) => {
    const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
    return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  });
  return csp;
}

/** The document as one HTML page without scripts or anything from elsewhere. `origin` is where the examples are sent. */
export function docsPage(document: OpenApi, origin: string): string {
  const { info, tags, paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const sections = tags.map(({ name }) => {
    const rows = operations.filter(({ operation }) => operation.tags.includes(name));
    return `<section id="tag-${anchor(name)}"><h2>${esc(name)}</h2>${rows.map((row) => operationHtml(row.method, row.path, row.operation, origin)).join("")}</section>`;
  });
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<h3 id="schema-${esc(name)}">${esc(name)}</h3><pre>${pieces(schemaText(schema))}</pre>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${esc(info.title)} API</title><style>${STYLE}</style></head>
<body><header><h1>${esc(info.title)} API <small>${esc(info.version)}</small></h1><p>${prose(info.description)}</p>
<p>Send your API key as <code>Authorization: Bearer …</code>. The whole document: <a href="/api/v1/openapi.json">openapi.json</a>.</p>
<nav aria-label="Sections">${tags.map(({ name }) => `<a href="#tag-${anchor(name)}">${esc(name)}</a>`).join(" ")} <a href="#schemas">Schemas</a></nav></header>
<main>${sections.join("")}<section id="schemas"><h2>Schemas</h2>${schemas.join("")}</section></main></body></html>
`;
}

const anchor = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

function operationHtml(method: string, path: string, operation: Operation, origin: string): string {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const fields = parameters.map(
    ({ name, in: where, required, schema, description: text }) =>
      `<tr><th scope="row"><code>${esc(name)}</code></th><td>${esc(where)}${required ? ", required" : ""}</td><td><code>${pieces(schemaText(schema))}${esc(presetOf(schema))}</code> ${prose(text ?? "")}</td></tr>`,
  );
  const answers = Object.entries(responses).map(
    ([status, response]) => `<dt>${esc(status)}</dt><dd>${prose(response.description)}${mediaHtml(response.content)}</dd>`,
  );
  return `<details id="${esc(operationId)}"><summary><b class="${method.toLowerCase()}">${esc(method)}</b> <code>${esc(path)}</code> <span>${prose(summary)}</span></summary>
${description ? `<p>${prose(description)}</p>` : ""}
${fields.length > 0 ? `<h4>Parameters</h4><table><tbody>${fields.join("")}</tbody></table>` : ""}
${requestBody ? `<h4>Body</h4>${mediaHtml(requestBody.content)}` : ""}
<h4>Answers</h4><dl>${answers.join("")}</dl>
<h4>Try it</h4><pre>${esc(curl(method, path, operation, origin))}</pre></details>`;
}

function mediaHtml(content: Record<string, MediaType> | undefined): string {
  return Object.entries(content ?? {})
    .map(([type, { schema, example }]) => {
      const shown = example === undefined ? "" : `<pre>${esc(JSON.stringify(example, null, 2))}</pre>`;
      return `<p><code>${esc(type)}</code></p><pre>${pieces(schemaText(schema))}</pre>${shown}`;
    })
    .join("");
}

/** Text in the single quotes of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A command line that does the operation. */
function curl(method: string, path: string, { parameters = [], requestBody, security }: Operation, origin: string): string {
  const query = parameters.filter((one) => one.in === "query" && one.required).map(({ name }) => `${name}={${name}}`);
  const address = origin + path + (query.length > 0 ? `?${query.join("&")}` : "");
  const lines = [`curl ${method === "GET" ? "" : `-X ${method} `}${quoted(address)}`];
  if (security.some((scheme) => "apiKey" in scheme)) lines.push(`-H "Authorization: Bearer $MARGAY_KEY"`);
  const json = requestBody?.content["application/json"];
  if (json) lines.push(`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(json.example ?? {}))}`);
  else if (requestBody) lines.push("--data-binary @file");
  return lines.join(" \\\n  ");
}
