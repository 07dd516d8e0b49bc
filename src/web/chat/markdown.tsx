import type { Root } from "mdast";
import { findAndReplace } from "mdast-util-find-and-replace";
import { memo, useState } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { Link } from "wouter";
import { NAMED_IN_TEXT } from "../../workspace/named-path.ts";
import { fileBeside, ownFile } from "../lib/own-file.ts";
import { ownPicture, pathOfPlace } from "../lib/own-picture.ts";
import { appLink, safeLink } from "../lib/safe-link.ts";
import { ErrorBoundary } from "../ui/error-boundary.tsx";
import { CodeBlock } from "./code-block.tsx";
import { isTangled } from "../../channels/is-tangled.ts";
import { linkSources } from "./link-sources.ts";
import { markdownBlocks } from "./markdown-blocks.ts";

/** Paths of results that a sentence names become links to them. */
const linkFiles = () => (tree: Root) =>
  findAndReplace(tree, [NAMED_IN_TEXT, (path: string) => ({ type: "link", url: path, children: [{ type: "text", value: path }] })], {
    ignore: ["link", "linkReference"],
  });
const PLUGINS = [remarkGfm, linkFiles];

/** Where a citation, or the path of a file, leads on this page. */
const inside = (href: string | undefined): string | null => appLink(href, window.location.origin) ?? ownFile(href ?? "");
const beside = (href: string, folder: string | undefined): string | null => (folder === undefined ? null : fileBeside(href, folder));

/** The page has its own first heading: those of a text are below it. */
const HEADINGS: Components = { h1: "h2", h2: "h3", h3: "h4", h4: "h5", h5: "h6" };

/** Raw HTML is never parsed; links go to http, https, mailto and cited places only; pictures from outside are not loaded, they are links; the user's own are shown. */
const COMPONENTS: Components = {
  ...HEADINGS,
  a: ({ href, children }) => {
    const place = inside(href);
    if (place !== null) return <Link href={place}>{children}</Link>;
    const link = safeLink(href);
    if (link === null) return <span>{children}</span>;
    return (
      <a href={link} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    );
  },
  img: ({ src, alt }) => {
    const place = inside(typeof src === "string" ? src : undefined);
    const own = place === null ? null : ownPicture(pathOfPlace(place) ?? "");
    if (place !== null && own !== null) return <OwnPicture key={own} place={place} src={own} alt={alt ?? ""} />;
    const link = safeLink(typeof src === "string" ? src : undefined);
    const name = alt === undefined || alt === "" ? "picture" : alt;
    // A drawing: on its own page it is shown when one wants it.
    if (place !== null) return <Link href={place}>{name}</Link>;
    if (link === null) return <span>{name}</span>;
    return (
      <a href={link} target="_blank" rel="noopener noreferrer nofollow">
        {name} (picture, opens elsewhere)
      </a>
    );
  },
  code: ({ children }) => {
    const place = typeof children === "string" ? ownFile(children) : null;
    const code = <code>{children}</code>;
    return place === null ? code : <Link href={place}>{code}</Link>;
  },
  pre: ({ node, children }) => <CodeBlock text={codeText(node)}>{children}</CodeBlock>,
  table: ({ children }) => (
    // A wide table scrolls by itself, also by keyboard.
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Table">
      <table>{children}</table>
    </div>
  ),
  input: ({ checked }) => (
    <input type="checkbox" checked={checked === true} readOnly disabled aria-label={checked === true ? "done" : "open"} />
  ),
};

/** A picture of the user's; one that is not there is a link by its name. */
function OwnPicture({ place, src, alt }: { place: string; src: string; alt: string }) {
  const [broken, setBroken] = useState(false);
  if (broken) return <Link href={place}>{alt === "" ? (pathOfPlace(place) ?? place) : alt}</Link>;
  return (
    <Link href={place} className="picture">
      <img src={src} alt={alt} loading="lazy" onError={() => setBroken(true)} />
    </Link>
  );
}

interface Node {
  type: string;
  value?: string;
  children?: Node[];
}

/** The text inside a parsed element. */
function codeText(node: unknown): string {
  const found = node as Node | undefined;
  if (found === undefined) return "";
  if (found.type === "text") return found.value ?? "";
  return (found.children ?? []).map(codeText).join("");
}

/** A reply. Parsed again only when its text changes. What is nested or tangled too much to be parsed is shown as it is written: a text must not take away the page that it stands on. */
const Markdown = memo(function Markdown({ text, folder, told = "" }: { text: string; folder?: string | undefined; told?: string }) {
  const plain = <div className="prose plain">{text}</div>;
  if (isTangled(text)) return plain;
  return (
    <ErrorBoundary instead={plain}>
      <div className="prose">
        <ReactMarkdown
          remarkPlugins={[...PLUGINS, () => linkSources(told)]}
          components={COMPONENTS}
          urlTransform={(url) => inside(url) ?? safeLink(url) ?? beside(url, folder) ?? ""}
        >
          {text}
        </ReactMarkdown>
      </div>
    </ErrorBoundary>
  );
});

/** A reply while it grows: finished parts of it are not parsed again. */
function GrowingMarkdown({ text }: { text: string }) {
  return markdownBlocks(text).map((block, index) => <Markdown key={index} text={block} />);
}

interface Props {
  text: string;
  growing: boolean;
  /** The folder of the file that it is, from which its links and pictures go. */
  folder?: string | undefined;
  /** What it tells of, such as the result of a task: its numbers may be those of the list there. */
  told?: string;
}

export default function Reply({ text, growing, folder, told }: Props) {
  return growing ? <GrowingMarkdown text={text} /> : <Markdown text={text} folder={folder} told={told} />;
}
