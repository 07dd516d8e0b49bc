import { useBuiltIns } from "../api/schedules.ts";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { BuiltInRow } from "./built-in-row.tsx";

/** Schedules that come with Margay, off until they are wanted. */
export function BuiltIns() {
  const query = useBuiltIns();
  return (
    <div className="page-care">
      <Section title="Ready to switch on" intro="Margay writes these from your to-dos, what it did, and what it remembers.">
        <QueryView query={query} lines={2}>
          {(list) => (
            <ul className="items">
              {list.map((one) => (
                <BuiltInRow key={one.name} one={one} />
              ))}
            </ul>
          )}
        </QueryView>
      </Section>
    </div>
  );
}
