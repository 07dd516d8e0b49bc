import { Button } from "@mantine/core";
import { Link, useLocation } from "wouter";
import { ApiError } from "../api/api-error.ts";
import { useSkill, useSkillActions } from "../api/skills.ts";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { SkillSheet } from "./skill-sheet.tsx";
import { backWords, titleOf } from "./skill-words.ts";

/** One skill: everything that is to be looked at before it is enabled, and afterwards what it may do, how it did, and its versions. */
export default function SkillPage({ name }: { name: string }) {
  const query = useSkill(name);
  const { restore } = useSkillActions();
  const attempt = useAttempt();
  const [, navigate] = useLocation();
  const missing = query.error instanceof ApiError && query.error.status === 404;
  return (
    <Page title={query.data ? titleOf(query.data.skill) : name}>
      <Link href="/skills" className="back">
        <Icon name="back" size={16} /> Skills
      </Link>
      {missing ? (
        <div className="empty-page">
          <p>There is no skill of that name.</p>
          <Button component={Link} href="/skills" variant="default">
            All skills
          </Button>
        </div>
      ) : (
        <QueryView query={query}>
          {(detail) =>
            detail.skill.state === "uninstalled" ? (
              <div className="empty-page">
                <p>This skill was uninstalled. For 30 days it can be brought back.</p>
                <Button
                  variant="default"
                  loading={restore.isPending}
                  onClick={() => void attempt(restore.mutateAsync(name), ({ skill }) => backWords(skill))}
                >
                  Bring back
                </Button>
              </div>
            ) : (
              <SkillSheet key={name} detail={detail} onGone={() => navigate("/skills")} />
            )
          }
        </QueryView>
      )}
    </Page>
  );
}
