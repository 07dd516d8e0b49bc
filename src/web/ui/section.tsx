import { type ReactNode, useId } from "react";

/** A titled block of a page. */
export function Section({ title, intro, children }: { title: string; intro?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {intro !== undefined && <p className="card-intro">{intro}</p>}
      {children}
    </section>
  );
}
