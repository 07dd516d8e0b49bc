import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodePath, ROOT, toolEnv } from "../build-node.mjs";

const FOLDER = join(ROOT, "migrations");

const git = (args) => spawnSync("git", args, { cwd: ROOT, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });

/** A migration that was ever committed may have run somewhere: it is neither changed nor removed. */
function rewritten() {
  const added = git(["log", "--reverse", "--diff-filter=A", "--format=%x00%H", "--name-only", "--", "migrations/*.sql"]);
  if (added.status !== 0) return [`git log failed: ${added.stderr}`];
  const problems = [];
  for (const block of added.stdout.split("\0").filter(Boolean)) {
    const [commit, ...files] = block.split("\n").filter(Boolean);
    for (const file of files) {
      const first = git(["show", `${commit}:${file}`]).stdout;
      if (!existsSync(join(ROOT, file))) problems.push(`${file} was removed; migrations are append-only`);
      else if (readFileSync(join(ROOT, file), "utf8") !== first)
        problems.push(`${file} is not as it was committed; migrations are append-only`);
    }
  }
  return problems;
}

/** Numbers without gaps or doubles, the journal naming exactly the files. */
function misnumbered() {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith(".sql"))
    .sort();
  const journal = JSON.parse(readFileSync(join(FOLDER, "meta/_journal.json"), "utf8")).entries.map((entry) => `${entry.tag}.sql`);
  const problems = [];
  if (JSON.stringify(files) !== JSON.stringify(journal))
    problems.push(`migrations/meta/_journal.json lists ${journal.join(", ")}; the folder has ${files.join(", ")}`);
  files.forEach((file, index) => {
    if (Number(file.slice(0, 4)) !== index + 1) problems.push(`migrations/${file}: expected number ${String(index + 1).padStart(4, "0")}`);
  });
  return problems;
}

/** Asks drizzle-kit, in a copy, what it would still have to write for src/db/schema.ts: nothing. */
function behindSchema() {
  const copy = mkdtempSync(join(tmpdir(), "margay-migrations-"));
  try {
    cpSync(FOLDER, join(copy, "migrations"), { recursive: true });
    const before = readdirSync(join(copy, "migrations")).length;
    const config = join(copy, "drizzle.config.json");
    // drizzle-kit wants `out` relative to where it runs.
    writeFileSync(
      config,
      JSON.stringify({
        dialect: "sqlite",
        schema: join(ROOT, "src/db/schema.ts"),
        out: "./migrations",
        breakpoints: true,
        migrations: { prefix: "index" },
      }),
    );
    const run = spawnSync(
      nodePath(),
      [join(ROOT, "node_modules/drizzle-kit/bin.cjs"), "generate", "--config", config, "--name", "missing"],
      {
        cwd: copy,
        env: toolEnv({ NO_COLOR: "1" }),
        encoding: "utf8",
      },
    );
    if (run.status !== 0) return [`drizzle-kit generate failed: ${run.stdout}${run.stderr}`];
    if (readdirSync(join(copy, "migrations")).length === before) return [];
    return ["src/db/schema.ts has changes without a migration: run `npx drizzle-kit generate --name what_changed`"];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** D1's migrations are append-only, numbered, and say what src/db/schema.ts says. */
export function checkMigrations() {
  return [...rewritten(), ...misnumbered(), ...behindSchema()];
}
