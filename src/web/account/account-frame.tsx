import { type ReactNode, useEffect } from "react";
import { Logo } from "../ui/icons.tsx";

/** The calm frame around everything before one is signed in. */
export function AccountFrame({ title, intro, children }: { title: string; intro?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Margay`;
    return () => {
      document.title = "Margay";
    };
  }, [title]);
  return (
    <main className="account" id="main">
      <div className="account-card">
        <Logo size={52} />
        <h1>{title}</h1>
        {intro !== undefined && <p className="account-intro">{intro}</p>}
        {children}
      </div>
    </main>
  );
}

/** Why the last attempt did not work. */
export function FormError({ message }: { message: string | null }) {
  return (
    <div role="alert" className="form-error">
      {message}
    </div>
  );
}
