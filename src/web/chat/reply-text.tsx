import { lazy, Suspense, useDeferredValue } from "react";

const Reply = lazy(() => import("./markdown.tsx"));

/** A reply, or a file of a folder, as Markdown; as plain text for the moment in which the Markdown part of the page is still on its way. */
export function ReplyText({
  text,
  growing = false,
  folder,
  told = "",
}: {
  text: string;
  growing?: boolean;
  folder?: string;
  told?: string;
}) {
  // While a reply streams, typing and scrolling go before drawing it.
  const calm = useDeferredValue(text);
  return (
    <Suspense fallback={<div className="prose plain">{calm}</div>}>
      <Reply text={calm} growing={growing} folder={folder} told={told} />
    </Suspense>
  );
}
