import { join } from 'node:path';
import { defineConfig } from 'vite';
import { candidateTypes } from './candidate-types-plugin.mjs';

const libs = join(import.meta.dirname, '../../libs');

/** The candidates' entry. The API that serves it puts its nonce where CSP_NONCE stands (libs/platform/src/web-app.ts). */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [candidateTypes()],
  resolve: {
    // From the sources of our packages; the condition "source" would mean packages of others, too.
    alias: [
      { find: /^@assay\/([\w-]+)$/, replacement: join(libs, '$1/src/index.ts') },
      { find: /^@assay\/([\w-]+)\/([\w-]+)$/, replacement: join(libs, '$1/src/$2/index.ts') },
    ],
  },
  html: { cspNonce: 'CSP_NONCE' },
  publicDir: false,
  worker: { format: 'es' },
  build: {
    outDir: 'dist/candidate',
    emptyOutDir: true,
    // Fonts and icons as files: the policy takes data: addresses for images only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: 'candidate.html',
      // Mantine's files begin with "use client", which means nothing here.
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
    },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 5_000,
  },
});
