import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type SkillDetail, type SkillVersion, useSkillActions } from "../api/skills.ts";
import { useToast } from "../ui/toast.tsx";
import { PermissionChoice } from "./permission-choice.tsx";
import { grantOf, isGrave, permissionsIn } from "./permission-words.ts";
import { titleOf } from "./skill-words.ts";

interface Props {
  skill: SkillDetail["skill"];
  /** What was looked at: exactly this is enabled. */
  version: SkillVersion;
  onDone: () => void;
  /** The way out without a decision for it; undefined: there is nothing to go back to. */
  back: { label: string; run: () => void } | undefined;
}

/** The decision: what it is allowed, whether its texts guide Margay, and a second look where the scan found something dangerous. */
export function EnableForm({ skill, version, onDone, back }: Props) {
  const { name, state, built_in: builtIn } = skill;
  const title = titleOf(skill);
  const enabled = state === "enabled";
  const same = version.version === skill.version;
  const asked = permissionsIn(version.permissions);
  const had = new Set(permissionsIn(skill.granted).map(({ key }) => key));
  const danger = version.findings.some(({ severity }) => severity === "danger");
  const doubtful =
    danger || (version.origin === "agent" && version.tainted) || version.findings.some(({ severity }) => severity === "warn");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () =>
      new Set(
        asked
          // Of a version in use what was decided stays; what is new is chosen where it does no harm.
          .filter((one) => had.has(one.key) || (!danger && !isGrave(one) && !(enabled && same)))
          .map(({ key }) => key),
      ),
  );
  const [trust, setTrust] = useState(enabled && same ? skill.trusted : !doubtful);
  const [acknowledged, setAcknowledged] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { enable } = useSkillActions();
  const toast = useToast();
  const ready = !danger || acknowledged;
  const action = !enabled ? "Enable" : same ? "Save" : "Use this version";

  const decide = async () => {
    if (!ready || enable.isPending) return;
    setError(null);
    try {
      await enable.mutateAsync({
        name,
        version: version.version,
        permissions: grantOf(version.permissions, chosen),
        acknowledge: danger && acknowledged,
        trust: builtIn || trust,
      });
      toast(!enabled ? `Enabled: ${title}` : same ? `Saved: ${title}` : `Version ${version.number} of ${title} is in use.`);
      onDone();
    } catch (failure) {
      setError(sayError(failure));
    }
  };

  return (
    <form
      className="stack skill-decision"
      onSubmit={(event) => {
        event.preventDefault();
        void decide();
      }}
    >
      <PermissionChoice
        asked={asked}
        fresh={new Set(enabled && !same ? asked.flatMap(({ key }) => (had.has(key) ? [] : [key])) : [])}
        chosen={chosen}
        onChange={setChosen}
      />
      {!builtIn && (
        <Checkbox
          size="sm"
          label="Let its texts guide Margay"
          description="Without it they count as content from outside, and Margay asks you more often after reading them. They never count as your word."
          checked={trust}
          onChange={(event) => setTrust(event.currentTarget.checked)}
        />
      )}
      {danger && (
        <div className="ask-warning">
          <Checkbox
            size="sm"
            color="red"
            label="I have seen what was found, and want it all the same"
            description="The scan found something that malware does. If you do not know why it is there, do not enable it."
            checked={acknowledged}
            onChange={(event) => setAcknowledged(event.currentTarget.checked)}
          />
        </div>
      )}
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <div className="row end">
        {back && (
          <Button variant="default" onClick={back.run}>
            {back.label}
          </Button>
        )}
        <Button type="submit" loading={enable.isPending} aria-disabled={!ready}>
          {action}
        </Button>
      </div>
    </form>
  );
}
