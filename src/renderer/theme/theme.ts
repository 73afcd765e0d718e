/** The component library's theme: every colour it paints is a role of roles.ts. */
import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  Input,
  type MantineColorsTuple,
  Menu,
  Modal,
  Popover,
  Switch,
  Tooltip,
} from '@mantine/core';
import { asVariables, darkRoles, lightRoles } from './roles.ts';

const accent: MantineColorsTuple = [
  '#ededfc',
  '#dcdcf9',
  '#c0bff5',
  '#a8a6f6',
  '#8e8cf5',
  '#7371e6',
  '#5b5bd6',
  '#4c4cc4',
  '#3d3da6',
  '#26264a',
];

/** The library's own greys, set to the roles' steps: what it paints by number then fits too. */
const gray: MantineColorsTuple = [
  '#f7f7f8',
  '#f0f0f2',
  '#e4e4e8',
  '#d0d0d7',
  '#d0d0d7',
  '#8d8d97',
  '#696973',
  '#5c5c66',
  '#33333a',
  '#1b1b1f',
];
const dark: MantineColorsTuple = [
  '#ededf0',
  '#c9c9d0',
  '#a2a2ad',
  '#8d8d98',
  '#3a3a42',
  '#2a2a30',
  '#1f1f23',
  '#18181b',
  '#141416',
  '#111113',
];

/** What closes is gone at once: until then it would swallow the keys that follow. */
const APPEARING = { transition: 'fade', duration: 150, exitDuration: 0 } as const;

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 4 },
  colors: { accent, gray, dark },
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '0.6875rem', sm: '0.75rem', md: '0.875rem', lg: '1rem', xl: '1.375rem' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.5', lg: '1.5', xl: '1.3' },
  spacing: { xs: '0.25rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '8px', xl: '11px' },
  defaultRadius: 'sm',
  headings: { fontWeight: '600' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Button: Button.extend({
      defaultProps: { size: 'sm', variant: 'default' },
      vars: (_, { variant, color, size }) => ({
        root: {
          ...(size === 'compact-xs'
            ? {
                '--button-height': '1.5rem',
                '--button-padding-x': '0.5rem',
                '--button-fz': 'var(--text-small)',
              }
            : {
                '--button-height': '1.875rem',
                '--button-padding-x': '0.75rem',
                '--button-fz': 'var(--text-body)',
              }),
          ...(variant === 'filled' ? { '--button-color': 'var(--on-accent)' } : {}),
          ...(variant === 'subtle' && color === 'gray'
            ? { '--button-color': 'var(--muted)', '--button-hover': 'var(--sunken)' }
            : {}),
        },
      }),
      styles: (_, { variant, disabled }) => ({
        root: {
          fontWeight: variant === 'filled' ? 600 : 500,
          ...(disabled && variant === 'subtle' ? { background: 'none' } : {}),
        },
      }),
    }),
    Input: Input.extend({
      defaultProps: { size: 'sm' },
      vars: () => ({ wrapper: { '--input-height': '1.875rem', '--input-fz': 'var(--text-body)' } }),
    }),
    InputWrapper: Input.Wrapper.extend({
      styles: {
        label: { fontSize: 'var(--text-body)', marginBottom: 2 },
        description: { fontSize: 'var(--text-small)' },
      },
    }),
    Switch: Switch.extend({
      styles: { label: { fontSize: 'var(--text-body)' }, description: { fontSize: 'var(--text-small)' } },
    }),
    Modal: Modal.extend({
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        centered: true,
        overlayProps: { backgroundOpacity: 0.45 },
        radius: 'md',
        transitionProps: APPEARING,
      },
      styles: { title: { fontWeight: 600, fontSize: '1rem' } },
    }),
    Menu: Menu.extend({ defaultProps: { transitionProps: APPEARING } }),
    Popover: Popover.extend({ defaultProps: { transitionProps: APPEARING } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: true } }),
  },
});

const painted = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-dimmed': 'var(--muted)',
  '--mantine-color-placeholder': 'var(--faint)',
  '--mantine-color-anchor': 'var(--accent-text)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-success': 'var(--good)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--sunken)',
  '--mantine-color-disabled-color': 'var(--faint)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  '--mantine-color-accent-filled': 'var(--accent)',
  '--mantine-color-accent-filled-hover': 'var(--accent-hover)',
  '--mantine-color-accent-light': 'var(--accent-soft)',
  '--mantine-color-accent-light-hover': 'var(--accent-soft)',
  '--mantine-color-accent-light-color': 'var(--accent-text)',
  '--mantine-color-accent-outline': 'var(--accent)',
  '--mantine-color-accent-contrast': 'var(--on-accent)',
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...asVariables(lightRoles), ...painted },
  dark: { ...asVariables(darkRoles), ...painted },
});
