import {
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

/** The coat of the animal that Margay is named after. */
const ocelot: MantineColorsTuple = [
  "#fdf5e8",
  "#f8e7cb",
  "#f1d09a",
  "#ebba6b",
  "#e5a849",
  "#d8922d",
  "#c07c1c",
  "#a96714",
  "#935510",
  "#75420b",
];

const gray: MantineColorsTuple = [
  "#faf8f4",
  "#f4f0ea",
  "#eae5dc",
  "#ddd6ca",
  "#cbc2b4",
  "#a89e8f",
  "#857b6d",
  "#6b6256",
  "#463f37",
  "#211d18",
];

const dark: MantineColorsTuple = [
  "#ede8e1",
  "#d6cfc5",
  "#a89e91",
  "#988e81",
  "#3d372f",
  "#2f2a25",
  "#25211d",
  "#1c1916",
  "#161412",
  "#100e0c",
];

const sans =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif, "Apple Color Emoji", "Segoe UI Emoji"';

/** The accent changes with the scheme, and so does what is readable on it; quiet controls step back behind the text. */
const variantColors: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  if (input.variant === "filled" && (input.color === undefined || input.color === "ocelot"))
    return { ...colors, background: "var(--m-fill)", hover: "var(--m-fill-hover)", color: "var(--m-on-fill)" };
  if (input.variant === "subtle" && input.color === "gray")
    return {
      ...colors,
      color: "var(--mantine-color-dimmed)",
      hoverColor: "var(--mantine-color-text)",
      hover: "color-mix(in srgb, var(--m-accent) 11%, transparent)",
    };
  if (input.variant === "subtle" && input.color === "red") return { ...colors, color: "var(--mantine-color-error)" };
  return colors;
};

export const theme = createTheme({
  primaryColor: "ocelot",
  primaryShade: { light: 8, dark: 4 },
  variantColorResolver: variantColors,
  components: { Checkbox: Checkbox.extend({ defaultProps: { iconColor: "var(--m-on-fill)", color: "var(--m-fill)" } }) },
  colors: { ocelot, gray, dark },
  black: "#211d18",
  fontFamily: sans,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontFamily: sans, fontWeight: "650" },
  defaultRadius: "md",
  radius: { md: "10px", lg: "16px" },
  cursorType: "pointer",
  respectReducedMotion: true,
});

/** Colours that both the components and our own styles use; contrasts of text are at least 4.5 : 1 on every surface here. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#faf8f4",
    "--mantine-color-dimmed": "#675e52",
    "--mantine-color-placeholder": "#6f665a",
    "--mantine-color-default-border": "#ddd6ca",
    "--mantine-color-error": "#b3261e",
    "--m-surface": "#ffffff",
    "--m-control": "#8f8676",
    "--m-fill": "#8f5210",
    "--m-fill-hover": "#7a450c",
    "--m-on-fill": "#ffffff",
    "--m-sunken": "#f2eee7",
    "--m-line": "#e6e0d6",
    "--m-accent": "#8a4f0e",
    "--m-accent-soft": "#f6e9d3",
    "--m-good": "#2f6b3a",
    "--m-shadow": "0 1px 2px rgb(60 40 10 / 6%), 0 8px 24px rgb(60 40 10 / 7%)",
  },
  dark: {
    "--mantine-color-body": "#161412",
    "--mantine-color-dimmed": "#a89e91",
    "--mantine-color-placeholder": "#988e81",
    "--mantine-color-default-border": "#3d372f",
    "--mantine-color-error": "#ff8f82",
    "--m-surface": "#1e1b18",
    "--m-control": "#7d7468",
    "--m-fill": "#e5a849",
    "--m-fill-hover": "#efb962",
    "--m-on-fill": "#211d18",
    "--m-sunken": "#110f0d",
    "--m-line": "#2d2823",
    "--m-accent": "#e8b060",
    "--m-accent-soft": "#33291b",
    "--m-good": "#8fca98",
    "--m-shadow": "0 1px 2px rgb(0 0 0 / 30%), 0 8px 24px rgb(0 0 0 / 30%)",
  },
});
