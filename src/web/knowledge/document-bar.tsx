import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { Icon } from "../ui/icons.tsx";

/** What one is reading, once its title has been scrolled away: a citation opens in the middle of a document. */
export function DocumentBar({ name }: { name: string }) {
  const mark = useRef<HTMLDivElement>(null);
  const [away, setAway] = useState(false);
  useEffect(() => {
    const element = mark.current;
    if (!element) return undefined;
    const observer = new IntersectionObserver(([entry]) => setAway(entry !== undefined && !entry.isIntersecting), {
      root: element.closest(".page"),
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const toTop = () => mark.current?.closest(".page")?.scrollTo({ top: 0 });
  return (
    <>
      <div ref={mark} aria-hidden="true" />
      <div className="doc-bar">
        {away && (
          <div>
            <Link href="/knowledge" className="back" aria-label="Back to Knowledge">
              <Icon name="back" size={18} />
            </Link>
            <b title={name}>{name}</b>
            <button type="button" className="link-button" onClick={toTop}>
              To the top
            </button>
          </div>
        )}
      </div>
    </>
  );
}
