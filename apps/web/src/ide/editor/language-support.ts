import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionSource,
  closeBrackets,
} from '@codemirror/autocomplete';
import { localCompletionSource } from '@codemirror/lang-javascript';
import { type Diagnostic, linter, lintGutter } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import type { LanguageClient } from '../language/language-client.js';
import type { Diagnostic as Found } from '../language/protocol.js';
import { isScript } from './language-of.js';

const LINT_AFTER_MS = 500;
/** What is in reach comes before what is merely global; TypeScript ranks from 10 to 16 or so. */
const RANK_OF_GLOBALS = 15;

/** Which of the editor's icons stands for a kind of TypeScript's. */
const ICONS: Record<string, string> = {
  function: 'function',
  'local function': 'function',
  method: 'method',
  property: 'property',
  getter: 'property',
  setter: 'property',
  class: 'class',
  interface: 'interface',
  type: 'type',
  enum: 'enum',
  keyword: 'keyword',
  module: 'namespace',
  const: 'constant',
  string: 'text',
  script: 'text',
};

/** Completion, hover and problems for a file, from TypeScript where it knows the file. */
export function languageSupport(client: LanguageClient, path: string): Extension {
  const brackets = closeBrackets();
  if (!isScript(path)) return [brackets, autocompletion({ icons: false })];
  return [
    brackets,
    autocompletion({ override: [completions(client, path)], maxRenderedOptions: 100 }),
    hovers(client, path),
    linter(async (view) => diagnosticsIn(await client.ask('diagnose', { path }), view.state.doc.length), {
      delay: LINT_AFTER_MS,
    }),
    lintGutter(),
  ];
}

function completions(client: LanguageClient, path: string): CompletionSource {
  return async (context: CompletionContext) => {
    const word = context.matchBefore(/[\w$]*/);
    const from = word?.from ?? context.pos;
    const before = context.state.sliceDoc(from - 1, from);
    if (!context.explicit && from === context.pos && !/[.'"/@]/.test(before)) return null;
    const found = await client.ask('complete', { path, offset: context.pos });
    if (!found) return localCompletionSource(context);
    return {
      from,
      validFor: /^[\w$]*$/,
      options: found.map(
        ({ name, kind, rank, insert }): Completion => ({
          label: name,
          type: ICONS[kind] ?? 'variable',
          boost: rank >= RANK_OF_GLOBALS ? -20 : 20 - rank,
          apply: insert,
          info: () => explained(client, path, context.pos, name),
        }),
      ),
    };
  };
}

async function explained(client: LanguageClient, path: string, offset: number, name: string) {
  const text = await client.ask('explain', { path, offset, name });
  if (!text) return null;
  const dom = document.createElement('div');
  dom.textContent = text;
  return dom;
}

const hovers = (client: LanguageClient, path: string) =>
  hoverTooltip(async (_view, pos) => {
    const found = await client.ask('hover', { path, offset: pos });
    if (!found) return null;
    return {
      pos: found.from,
      end: found.to,
      create() {
        const dom = document.createElement('div');
        dom.className = 'cm-ide-hover';
        dom.append(part('cm-ide-signature', found.signature));
        if (found.about) dom.append(part('cm-ide-about', found.about));
        return { dom };
      },
    };
  });

function part(className: string, text: string): HTMLElement {
  const element = document.createElement('div');
  element.className = className;
  element.textContent = text;
  return element;
}

/** Kept inside the text, which may have become shorter meanwhile. */
function diagnosticsIn(found: Found[] | null, length: number): Diagnostic[] {
  return (found ?? []).map(({ from, to, message, severity }) => ({
    from: Math.min(from, length),
    to: Math.min(to, length),
    message,
    severity: severity === 'error' ? 'error' : 'hint',
    markClass: severity === 'error' ? undefined : 'cm-ide-unused',
  }));
}
