import typesUrl from 'virtual:candidate-types';
import type { LanguageAssets } from './language-client.js';

export const languageAssets: LanguageAssets = {
  startWorker: () =>
    new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'typescript' }),
  typesUrl,
};
