/** Builds the modules that the Worker reads from its assets into a directory (the first argument). */
import { buildModules } from "../../scripts/build-modules.mjs";

const [directory] = process.argv.slice(2);
buildModules(directory);
