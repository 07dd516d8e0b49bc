import { ApprovalTimes } from "./approval-times.tsx";
import { Section } from "../ui/section.tsx";
import { StandingPermissions } from "./standing-permissions.tsx";
import { ToolPolicies } from "./tool-policies.tsx";

/** What the agent may do by itself, what it always asks about, and how long it waits for an answer. */
export function PermissionsSection() {
  return (
    <>
      <Section title="Allowed without asking" intro="Made when you answer “Always” or “For this task”. Each covers exactly what it says.">
        <StandingPermissions />
      </Section>
      <Section
        title="Tools"
        intro="Margay asks by itself before anything leaves, costs money or cannot be taken back. Here you make it ask about more, or switch a tool off."
      >
        <ToolPolicies />
      </Section>
      <Section title="How long an approval waits" intro="Nobody answering in time is a no.">
        <ApprovalTimes />
      </Section>
    </>
  );
}
