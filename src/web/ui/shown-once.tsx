import { CopyButton } from "./copy-button.tsx";

/** A secret or one-time link that cannot be read again. */
export function ShownOnce({ label, value }: { label: string; value: string }) {
  return (
    <div className="once" role="status">
      <span>{label}</span>
      <div className="once-value">
        <code>{value}</code>
        <CopyButton text={value} label="Copy" size={36} />
      </div>
    </div>
  );
}
