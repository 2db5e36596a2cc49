import type TypeScript from 'typescript';
import type { Completion, Diagnostic, Hover } from './protocol.js';

/** Where the candidate's files lie in the service's file system, beside `/lib` and `/node_modules`. */
const HOME = '/project/';
const MAX_COMPLETIONS = 400;
const SOURCE = /\.[cm]?[jt]sx?$/;
const TYPESCRIPT = /\.[cm]?tsx?$/;

/**
 * What is told of JavaScript: only what cannot be right when it runs. The rest of the checker's opinions assume types
 * that a JavaScript project never promised (`req.user = …`), and would be noise.
 */
const WRONG_IN_JAVASCRIPT = new Set([
  1308, // await outside an async function
  1378, // top-level await in a script
  2300, // declared twice
  2304, // no such name
  2305, // no such export
  2307, // no such module
  2448, // used before its declaration
  2451, // declared twice in a block
  2551, // no such property, but one that looks like it
  2552, // no such name, but one that looks like it
  2588, // a constant that is assigned to
  2613, // no default export, but a named one
  2614, // no named export, but a default one
  2724, // no such export, but one that looks like it
  2792, // no such module
  18004, // a shorthand property without a value
]);

/** The language service of one candidate's project. Offsets are UTF-16 positions, as in the editor. */
export interface Project {
  setFile(path: string, text: string): void;
  removeFile(path: string): void;
  diagnose(path: string): Diagnostic[];
  complete(path: string, offset: number): Completion[];
  /** What a completion is, once it is looked at. */
  explain(path: string, offset: number, name: string): string;
  hover(path: string, offset: number): Hover | null;
}

/** `types`: declarations by path, as `gatherTypes` gives them. */
export function createProject(ts: typeof TypeScript, types: Record<string, string>): Project {
  const files = new Map<string, { text: string; version: number }>();
  let generation = 0;
  const library = new Map(Object.entries(types));
  const folders = new Set([...library.keys()].flatMap(foldersOf));
  const read = (path: string) => files.get(path)?.text ?? library.get(path);

  const options: TypeScript.CompilerOptions = {
    allowJs: true,
    checkJs: true,
    strict: true,
    noImplicitAny: false,
    strictNullChecks: true,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Auto,
    esModuleInterop: true,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
    maxNodeModuleJsDepth: 0,
    typeRoots: ['/node_modules/@types'],
    types: ['node'],
  };
  const host: TypeScript.LanguageServiceHost = {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [...files.keys()].filter((path) => SOURCE.test(path)),
    getScriptVersion: (path) => String(files.get(path)?.version ?? 0),
    getScriptSnapshot: (path) => {
      const text = read(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => HOME.slice(0, -1),
    getDefaultLibFileName: () => '/lib/lib.es2023.d.ts',
    getProjectVersion: () => String(generation),
    fileExists: (path) => read(path) !== undefined,
    readFile: read,
    directoryExists: (path) =>
      folders.has(path) || [...files.keys()].some((file) => file.startsWith(`${path}/`)),
    getDirectories: (path) =>
      [...folders]
        .filter((folder) => parentOf(folder) === path)
        .map((folder) => folder.slice(path.length + 1)),
    readDirectory: () => [...files.keys()],
    useCaseSensitiveFileNames: () => true,
  };
  const service = ts.createLanguageService(host, ts.createDocumentRegistry(true, HOME));

  const toDiagnostic = (found: TypeScript.Diagnostic, severity: Diagnostic['severity']): Diagnostic[] =>
    found.start === undefined
      ? []
      : [
          {
            from: found.start,
            to: found.start + (found.length ?? 0),
            message: ts.flattenDiagnosticMessageText(found.messageText, '\n'),
            severity,
          },
        ];

  return {
    setFile(path, text) {
      const version = (files.get(HOME + path)?.version ?? 0) + 1;
      files.set(HOME + path, { text, version });
      generation += 1;
    },
    removeFile(path) {
      files.delete(HOME + path);
      generation += 1;
    },
    diagnose(path) {
      if (!SOURCE.test(path) || !files.has(HOME + path)) return [];
      const semantic = service.getSemanticDiagnostics(HOME + path);
      const told = TYPESCRIPT.test(path)
        ? semantic
        : semantic.filter(({ code }) => WRONG_IN_JAVASCRIPT.has(code));
      const unused = service
        .getSuggestionDiagnostics(HOME + path)
        .filter((found) => found.reportsUnnecessary);
      return [
        ...service.getSyntacticDiagnostics(HOME + path).flatMap((found) => toDiagnostic(found, 'error')),
        ...told.flatMap((found) => toDiagnostic(found, 'error')),
        ...unused.flatMap((found) => toDiagnostic(found, 'unused')),
      ];
    },
    complete(path, offset) {
      const found = service.getCompletionsAtPosition(HOME + path, offset, {
        includeCompletionsWithInsertText: true,
        includeCompletionsForImportStatements: false,
      });
      const entries = found?.entries ?? [];
      // Of JavaScript, TypeScript also offers every word of the file, marked as a warning: that is no knowledge.
      const known = entries.filter(({ kind }) => kind !== ts.ScriptElementKind.warning);
      return known.slice(0, MAX_COMPLETIONS).map(({ name, kind, sortText, insertText }) => ({
        name,
        kind,
        rank: Number.parseInt(sortText, 10) || 0,
        insert: insertText ?? name,
      }));
    },
    explain(path, offset, name) {
      const details = service.getCompletionEntryDetails(
        HOME + path,
        offset,
        name,
        {},
        undefined,
        {},
        undefined,
      );
      if (!details) return '';
      const about = ts.displayPartsToString(details.documentation);
      return [ts.displayPartsToString(details.displayParts), about].filter(Boolean).join('\n\n');
    },
    hover(path, offset) {
      const info = service.getQuickInfoAtPosition(HOME + path, offset);
      if (!info) return null;
      return {
        from: info.textSpan.start,
        to: info.textSpan.start + info.textSpan.length,
        signature: ts.displayPartsToString(info.displayParts),
        about: ts.displayPartsToString(info.documentation),
      };
    },
  };
}

const parentOf = (path: string) => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

/** `/a/b/c.ts` → `/a/b`, `/a`. */
function foldersOf(path: string): string[] {
  const parent = parentOf(path);
  return parent === '' ? [] : [parent, ...foldersOf(parent)];
}
