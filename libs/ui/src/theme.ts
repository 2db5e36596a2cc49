import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent. Filled controls use 7 (white on it: 7.5:1); on dark ground text of it is 3 (8:1). */
const indigo: MantineColorsTuple = [
  '#f2f1fe',
  '#e3e1fd',
  '#c9c5fa',
  '#a9a2ff',
  '#8b82f5',
  '#7166ea',
  '#5b50dc',
  '#4a3fc4',
  '#3d34a3',
  '#2c2678',
];

const gray: MantineColorsTuple = [
  '#fafafa',
  '#f4f4f5',
  '#e9e9ec',
  '#dddde1',
  '#c6c6cc',
  '#9c9ca5',
  '#73737d',
  '#585861',
  '#37373e',
  '#18181b',
];

/** From text (0) over quiet text (2) and lines (4) to the ground (7). */
const dark: MantineColorsTuple = [
  '#ededf0',
  '#c8c8cf',
  '#a5a5af',
  '#74747f',
  '#3b3b43',
  '#2b2b32',
  '#212127',
  '#17171b',
  '#121215',
  '#0b0b0d',
];

/** Filled, 7: white on it is 5.7:1. */
const red: MantineColorsTuple = [
  '#fdeeec',
  '#fbd9d5',
  '#f5b1aa',
  '#ff9d94',
  '#e9675c',
  '#dc4a3f',
  '#cf352b',
  '#c22a21',
  '#9f1f18',
  '#7a1711',
];

const sans = "'Inter Variable', Inter, system-ui, sans-serif";

/** ux.md's visual language: Inter 14/20, headings 16/20/24, an 8-point grid, one accent, motion only where it is wanted. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: 7,
  colors: { indigo, gray, dark, red },
  white: '#ffffff',
  black: '#18181b',
  fontFamily: sans,
  fontFamilyMonospace: "'JetBrains Mono Variable', 'JetBrains Mono', ui-monospace, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.3334', sm: '1.3847', md: '1.4286', lg: '1.5', xl: '1.4' },
  headings: {
    fontFamily: sans,
    fontWeight: '600',
    textWrap: 'pretty',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '2rem' },
      h2: { fontSize: '1.25rem', lineHeight: '1.75rem' },
      h3: { fontSize: '1rem', lineHeight: '1.5rem' },
    },
  },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '0.25rem', sm: '0.375rem', md: '0.5rem', lg: '0.75rem', xl: '1rem' },
  defaultRadius: 'md',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Modal: {
      defaultProps: {
        centered: true,
        radius: 'lg',
        transitionProps: { duration: 120 },
        // A <header> beside the page's own would be a second banner.
        attributes: { header: { role: 'presentation' } },
      },
    },
    Anchor: { defaultProps: { underline: 'always' } },
    Menu: { defaultProps: { transitionProps: { duration: 80 } } },
    Popover: { defaultProps: { transitionProps: { duration: 80 } } },
    Tooltip: { defaultProps: { transitionProps: { duration: 80 } } },
  },
});

/** What the theme's scales do not say: the ground, quiet text, lines and the colours of a state, for each scheme. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#585861',
    '--mantine-color-placeholder': '#6b6b75',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#4a3fc4',
    '--assay-ground': '#f7f7f8',
    '--assay-panel': '#ffffff',
    '--assay-line': '#e2e2e6',
    '--assay-accent-text': '#4a3fc4',
    '--assay-accent-soft': '#f2f1fe',
    '--assay-good': '#17692f',
    '--assay-good-soft': '#ebf7ee',
    '--assay-warning': '#7a4d00',
    '--assay-warning-soft': '#fff4d6',
    '--assay-bad': '#b3261e',
    '--assay-bad-soft': '#fdeeec',
  },
  dark: {
    '--mantine-color-dimmed': '#a5a5af',
    '--mantine-color-placeholder': '#8e8e99',
    '--mantine-color-error': '#ff9d94',
    '--mantine-color-anchor': '#b4aeff',
    '--assay-ground': '#131316',
    '--assay-panel': '#1b1b20',
    '--assay-line': '#303037',
    '--assay-accent-text': '#b4aeff',
    '--assay-accent-soft': '#25233d',
    '--assay-good': '#74d98f',
    '--assay-good-soft': '#16281c',
    '--assay-warning': '#f2c14e',
    '--assay-warning-soft': '#33290f',
    '--assay-bad': '#ff9d94',
    '--assay-bad-soft': '#351c1a',
  },
});
