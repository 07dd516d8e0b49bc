/**
 * Loaded into wrangler before it begins (`--import`): gives it settings of the Worker as if they stood on its command line. There everybody on this machine could read them; `.dev.vars` is the person's own file, and an
 * environment that is given whole to the Worker would hold more than is meant.
 */
const given = process.env["MARGAY_WORKER_VARS"];
// wrangler starts itself again in a second process, which is the one that reads them.
if (given !== undefined && /wrangler-dist.cli\.js$/.test(process.argv[1] ?? "")) {
  delete process.env["MARGAY_WORKER_VARS"];
  for (const [name, value] of Object.entries(JSON.parse(given))) process.argv.push("--var", `${name}:${value}`);
}
