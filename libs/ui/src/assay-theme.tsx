import { MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { applyContrast } from './contrast.js';
import { cssVariables, theme } from './theme.js';
import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import '@mantine/core/styles.css';
import './base.css';

/** The nonce of this page's answer: the Content-Security-Policy lets only styles with it in. Empty where there is none. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
}

// Where the scroll lock of Mantine's dialogs, which makes a style of its own, looks for the nonce.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });

/** Colours, type and contrast of everything inside. */
export function AssayTheme({ children }: { children: ReactNode }) {
  applyContrast();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      {children}
    </MantineProvider>
  );
}
