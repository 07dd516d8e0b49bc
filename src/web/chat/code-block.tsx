import { Children, isValidElement, type ReactNode } from "react";
import { CopyButton } from "../ui/copy-button.tsx";

/** Code that scrolls sideways instead of breaking the page, with its language and a copy button. */
export function CodeBlock({ text, children }: { text: string; children: ReactNode }) {
  const language = languageOf(children);
  return (
    <figure className="code">
      <figcaption>
        <span>{language ?? "text"}</span>
        <CopyButton text={text.replace(/\n$/u, "")} label="Copy code" size={26} />
      </figcaption>
      <pre tabIndex={0} aria-label={language === null ? "Code" : `Code, ${language}`}>
        {children}
      </pre>
    </figure>
  );
}

function languageOf(children: ReactNode): string | null {
  for (const child of Children.toArray(children)) {
    if (!isValidElement<{ className?: string }>(child)) continue;
    const match = /language-([\w+#.-]+)/u.exec(child.props.className ?? "");
    if (match?.[1] !== undefined) return match[1];
  }
  return null;
}
