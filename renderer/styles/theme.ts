import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Input,
  Modal,
  Radio,
  Select,
  Switch,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core';

/** The deep water of a storm, and the cool greys around it. Both are chosen for contrast: text passes WCAG AA on them. */
export const theme = createTheme({
  primaryColor: 'tide',
  primaryShade: { light: 8, dark: 7 },
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'Inter, "Segoe UI Variable Text", "Segoe UI", system-ui, -apple-system, "Noto Sans", sans-serif',
  fontFamilyMonospace:
    '"JetBrains Mono", "Cascadia Code", ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '19px' }, h2: { fontSize: '14px' } } },
  colors: {
    tide: [
      '#e9f6f9',
      '#d3ebf1',
      '#a7d6e2',
      '#78c0d2',
      '#52afc5',
      '#3fb6cd',
      '#1d93af',
      '#0d7d97',
      '#0b6b82',
      '#07586b',
    ],
    dark: [
      '#dbe1e8',
      '#bcc5d0',
      '#98a3b3',
      '#67727f',
      '#333d4b',
      '#262f3b',
      '#1c232d',
      '#12171e',
      '#0d1117',
      '#080b0f',
    ],
  },
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Input: Input.extend({ defaultProps: { size: 'xs' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'xs' } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'xs' } }),
    Select: Select.extend({ defaultProps: { size: 'xs', checkIconPosition: 'right' } }),
    Radio: Radio.extend({ defaultProps: { size: 'xs' } }),
    Switch: Switch.extend({ defaultProps: { size: 'sm', withThumbIndicator: false } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, radius: 10, overlayProps: { backgroundOpacity: 0.45, blur: 2 } },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, withArrow: false, withinPortal: false } }),
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5a6572',
    '--mantine-color-placeholder': '#68727e',
    '--mantine-color-error': '#c02531',
  },
  dark: {
    '--mantine-color-dimmed': '#98a3b3',
    '--mantine-color-placeholder': '#8691a0',
    '--mantine-color-error': '#ff8088',
  },
});
