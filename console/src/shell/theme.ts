import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const brand: MantineColorsTuple = [
  "#eef3ff",
  "#dce4f9",
  "#b7c8ef",
  "#8fa9e6",
  "#6d8fde",
  "#577eda",
  "#3f6bd3",
  "#2f5ac2",
  "#264fae",
  "#17439a",
];

/** Greys with a little blue, so that fields and menus belong to the surfaces they are on. */
const dark: MantineColorsTuple = [
  "#e6e9ee",
  "#b9c1cd",
  "#8b95a5",
  "#606a7a",
  "#3a414d",
  "#2f353f",
  "#22262e",
  "#1a1d23",
  "#14161b",
  "#0e1014",
];

export const theme = createTheme({
  primaryColor: "brand",
  primaryShade: { light: 7, dark: 6 },
  colors: { brand, dark },
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily: 'Inter, "Segoe UI", system-ui, -apple-system, Roboto, "Noto Sans", "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: {
    fontWeight: "650",
    sizes: { h1: { fontSize: "1.25rem" }, h2: { fontSize: "1.05rem" }, h3: { fontSize: "0.95rem" } },
  },
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.9rem", lg: "1rem", xl: "1.15rem" },
  components: {
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, multiline: true, maw: 320 } },
    Badge: { defaultProps: { tt: "none", fw: 600 } },
    // The initials' own colours are too pale for their backgrounds.
    Avatar: { defaultProps: { styles: { placeholder: { color: "var(--ink)" } } } },
    Modal: { defaultProps: { centered: true } },
  },
});

/** The meanings that colours have here. Each pair passes WCAG AA; colour is never the only sign. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--surface": "#ffffff",
    "--surface-sunken": "#f6f7f9",
    "--line": "#e4e7ec",
    "--ink": "#1b2330",
    "--ink-soft": "#566072",
    "--hover": "#f3f5f9",
    "--pointed": "#e9effc",
    "--count": "#e7eaf0",
    "--blocked": "#fff4c7",
    "--blocked-edge": "#c58a00",
    "--overdue": "#c4222f",
    "--good": "#12743b",
    "--warn": "#9a5b00",
    "--note": "#fff8e1",
    "--note-edge": "#e2c46a",
    "--mantine-color-dimmed": "#566072",
    "--mantine-color-placeholder": "#667085",
    "--mantine-color-error": "#c4222f",
  },
  dark: {
    "--surface": "#1a1d23",
    "--surface-sunken": "#14161b",
    "--line": "#2c313a",
    "--ink": "#e6e9ee",
    "--ink-soft": "#a3adbd",
    "--hover": "#22262e",
    "--pointed": "#26324b",
    "--count": "#2a2f38",
    "--blocked": "#3b3313",
    "--blocked-edge": "#d9a520",
    "--overdue": "#ff8a8a",
    "--good": "#6fd39b",
    "--warn": "#f0b45a",
    "--note": "#2e2a1a",
    "--note-edge": "#6f5f2a",
    "--mantine-color-body": "#1a1d23",
    "--mantine-color-text": "#e6e9ee",
    "--mantine-color-dimmed": "#a3adbd",
    "--mantine-color-placeholder": "#8b95a5",
    "--mantine-color-error": "#ff8a8a",
  },
});
