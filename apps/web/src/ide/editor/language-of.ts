import { javascript } from '@codemirror/lang-javascript';
import type { Extension } from '@codemirror/state';

/** Languages that few files are of come when one is opened. */
const LATER: Record<string, () => Promise<Extension>> = {
  json: async () => (await import('@codemirror/lang-json')).json(),
  md: async () => (await import('@codemirror/lang-markdown')).markdown(),
  html: async () => (await import('@codemirror/lang-html')).html(),
  css: async () => (await import('@codemirror/lang-css')).css(),
  yaml: async () => (await import('@codemirror/lang-yaml')).yaml(),
  yml: async () => (await import('@codemirror/lang-yaml')).yaml(),
};
const SCRIPT = /\.[cm]?([jt])s(x?)$/;

/** Whether TypeScript's worker knows the file. */
export const isScript = (path: string) => SCRIPT.test(path);

/** How a file is read, by its ending: at once, or once it is loaded. Plain text when nobody knows it. */
export function languageOf(path: string): { now: Extension; later: Promise<Extension> | null } {
  const script = SCRIPT.exec(path);
  if (script)
    return { now: javascript({ typescript: script[1] === 't', jsx: script[2] === 'x' }), later: null };
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return { now: [], later: LATER[ending]?.() ?? null };
}
