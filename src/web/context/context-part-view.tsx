import { Link } from "wouter";
import type { ContextPart, ContextSource } from "../api/context.ts";
import { Icon } from "../ui/icons.tsx";
import { fill, partName, partWhat, sourceHref, tokensWords } from "./context-words.ts";

interface Props {
  part: ContextPart;
  /** Tokens of the whole context. */
  total: number;
  /** A link was followed. */
  onLeave: () => void;
}

/** How many sources are shown before one asks for more. */
const FEW = 8;

/** One part of a context: how much room it took, and what was in it. */
export function ContextPartView({ part, total, onLeave }: Props) {
  const { part: name, sources, tokens, budget } = part;
  const row = (source: ContextSource, index: number) => (
    <SourceRow key={`${source.id}:${index}`} source={source} href={sourceHref(name, source)} onLeave={onLeave} />
  );
  return (
    <section className="context-part" aria-label={partName(name)}>
      <div className="context-head">
        <h3>{partName(name)}</h3>
        <span>{tokensWords(part)}</span>
      </div>
      <div
        className="meter"
        role="meter"
        aria-label={budget === null ? `${partName(name)}, of the whole` : `${partName(name)}, of its budget`}
        aria-valuemin={0}
        aria-valuemax={budget ?? total}
        aria-valuenow={tokens}
        data-share={budget === null || undefined}
      >
        <i style={{ width: `${fill(part, total)}%` }} />
      </div>
      {sources.length === 0 ? (
        <p className="context-what">{partWhat(name)}</p>
      ) : (
        <>
          <ul className="context-sources">{sources.slice(0, FEW).map(row)}</ul>
          {sources.length > FEW && (
            <details className="context-rest">
              <summary>{sources.length - FEW} more</summary>
              <ul className="context-sources">{sources.slice(FEW).map((source, index) => row(source, index + FEW))}</ul>
            </details>
          )}
        </>
      )}
    </section>
  );
}

function SourceRow({ source, href, onLeave }: { source: ContextSource; href: string | null; onLeave: () => void }) {
  return (
    <li>
      {href === null ? (
        <span className="context-label">{source.label}</span>
      ) : (
        <Link href={href} className="context-label" onClick={onLeave}>
          {source.label}
        </Link>
      )}
      <span className="context-why">
        {source.why}
        {source.tainted && (
          <span className="memory-outside">
            <Icon name="warn" size={13} /> from outside
          </span>
        )}
      </span>
    </li>
  );
}
