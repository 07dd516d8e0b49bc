import { type ReactNode, useEffect } from "react";

/** A page beside the chat: a title and what is below it, in one readable column. */
export function Page({ title, intro, children }: { title: string; intro?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Margay`;
    return () => {
      document.title = "Margay";
    };
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
