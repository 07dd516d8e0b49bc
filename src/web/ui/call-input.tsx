import { longTexts } from "../lib/long-texts.ts";

/** What a tool was given: texts as they are, the rest as JSON. */
export function CallInput({ input }: { input: unknown }) {
  const { texts, rest } = longTexts(input);
  const others = texts.length === 0 ? input : Object.keys(rest).length === 0 ? undefined : rest;
  return (
    <>
      {others !== undefined && (
        <pre tabIndex={0} aria-label="Input">
          {JSON.stringify(others, null, 2)}
        </pre>
      )}
      {texts.map(({ name, text }) => (
        <pre tabIndex={0} aria-label={`Input: ${name}`} key={name}>
          {text}
        </pre>
      ))}
    </>
  );
}
