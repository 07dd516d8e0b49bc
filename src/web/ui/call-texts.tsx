import { longTexts } from "../../channels/long-texts.ts";

/** What a tool was given, or gave: texts as they are, the rest as JSON. */
export function CallTexts({ name, value }: { name: string; value: unknown }) {
  if (typeof value === "string")
    return (
      <pre tabIndex={0} aria-label={name}>
        {value}
      </pre>
    );
  const { texts, rest } = longTexts(value);
  const others = texts.length === 0 ? value : Object.keys(rest).length === 0 ? undefined : rest;
  return (
    <>
      {others !== undefined && (
        <pre tabIndex={0} aria-label={name}>
          {JSON.stringify(others, null, 2)}
        </pre>
      )}
      {texts.map((one) => (
        <pre tabIndex={0} aria-label={`${name}: ${one.name}`} key={one.name}>
          {one.text}
        </pre>
      ))}
    </>
  );
}
