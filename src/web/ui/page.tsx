import { type ReactNode, useEffect } from "react";
import { setPageTitle } from "../lib/page-title.ts";

/** A page beside the chat: a title and what is below it, in one readable column. */
export function Page({ title, intro, children }: { title: string; intro?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    setPageTitle(title);
    return () => setPageTitle(null);
  }, [title]);
  return (
    <div className="page">
      <div className="page-column">
        <h1 className="page-title">{title}</h1>
        {intro !== undefined && <p className="page-intro">{intro}</p>}
        {children}
      </div>
    </div>
  );
}
