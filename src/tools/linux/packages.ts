/** Where packages come from: these hosts and no others are reached while one is installed. */
export const REGISTRY_HOSTS: Readonly<Record<Manager, readonly string[]>> = {
  pip: ["pypi.org", "files.pythonhosted.org"],
  npm: ["registry.npmjs.org"],
};

export type Manager = "pip" | "npm";

/**
 * Packages that are installed without asking: known to everybody, looked after for years, and of use for what people ask. A name that is not here may be one letter away from such a one, and what a package does when it is
 * installed is up to whoever wrote it.
 */
const KNOWN: Readonly<Record<Manager, ReadonlySet<string>>> = {
  pip: new Set(
    `beautifulsoup4 black chardet duckdb fpdf2 geopandas html5lib httpx icalendar jinja2 jsonschema lxml markdown matplotlib mypy networkx nltk numpy
     openpyxl pandas pdfplumber pillow plotly polars pyarrow pydantic pypdf pytest python-dateutil python-docx python-pptx pyyaml rapidfuzz regex
     reportlab requests ruff scikit-learn scipy seaborn shapely sqlalchemy statsmodels sympy tabulate tqdm tzdata unidecode xlrd xlsxwriter`.split(
      /\s+/,
    ),
  ),
  npm: new Set(
    `cheerio csv-parse csv-stringify d3 date-fns eslint fast-xml-parser handlebars lodash luxon marked mathjs papaparse pdf-lib prettier sharp tsx typescript
     vitest xlsx yaml zod`.split(/\s+/),
  ),
};

export const isKnown = (manager: Manager, name: string): boolean => KNOWN[manager].has(canonicalName(manager, name));

/** One name for one package: PyPI takes `Python_Docx` for `python-docx` (PEP 503). */
export const canonicalName = (manager: Manager, name: string): string =>
  manager === "pip" ? name.toLowerCase().replaceAll(/[-_.]+/g, "-") : name;
