import { styleNonce } from '@assay/ui';
import { listFiles, utf8Length, whyNotSaved } from '@assay/workspace-document';
import { closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { yCollab, ySyncAnnotation, yUndoManagerKeymap } from 'y-codemirror.next';
import type { WorkspaceSession } from '../document/workspace-session.js';
import type { LanguageClient } from '../language/language-client.js';
import { editorTheme } from './editor-theme.js';
import { languageOf } from './language-of.js';
import { languageSupport } from './language-support.js';

/** A change is measured once it, or its file, is so long: what somebody types is not. */
const MEASURED_FROM = 20_000;

export interface CodeEditorProps {
  session: WorkspaceSession;
  language: LanguageClient;
  fileId: string;
  path: string;
  isReadOnly: boolean;
  /** What the file was at the start, to show the changes since; null to show none. */
  original: string | null;
  /** Says in a sentence why a change was not taken. */
  onRefused(sentence: string): void;
  /** The view while it is there, so that keys can lead to it. */
  onView(view: EditorView | null): void;
}

/** Where each file was left, by its id. */
const left = new Map<string, { head: number; anchor: number; top: number }>();

/** One file's editor, bound to its live text. A file of another id or path needs another one: give it a key. */
export function CodeEditor(props: CodeEditorProps) {
  const { session, language, fileId, path, isReadOnly, original } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const parts = useRef({
    readOnly: new Compartment(),
    changes: new Compartment(),
    language: new Compartment(),
  });
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const file = session.find(fileId);
    if (!file || !host.current) return;
    const { now, later } = languageOf(path);
    const { readOnly, changes, language: languagePart } = parts.current;
    const text = file.text.toJSON();
    const place = left.get(fileId);
    const within = (offset: number) => Math.min(offset, text.length);
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: text,
        selection: place && { anchor: within(place.anchor), head: within(place.head) },
        extensions: [
          EditorView.cspNonce.of(styleNonce()),
          EditorView.contentAttributes.of({ 'aria-label': `Editor: ${path}` }),
          basics,
          readOnly.of(readOnlyAs(latest.current.isReadOnly)),
          changes.of([]),
          languagePart.of(now),
          languageSupport(language, path),
          sizeGuard(session, fileId, (sentence) => latest.current.onRefused(sentence)),
          yCollab(file.text, null, { undoManager: session.undoOf(file) }),
          keymap.of([...yUndoManagerKeymap, ...closeBracketsKeymap, ...completionKeymap]),
          keymap.of([...defaultKeymap, ...searchKeymap, ...foldKeymap, ...lintKeymap, indentWithTab]),
          editorTheme,
        ],
      }),
    });
    void later?.then((extension) => made.dispatch({ effects: languagePart.reconfigure(extension) }));
    if (place) requestAnimationFrame(() => made.scrollDOM.scrollTo({ top: place.top }));
    view.current = made;
    latest.current.onView(made);
    return () => {
      const { anchor, head } = made.state.selection.main;
      left.set(fileId, { anchor, head, top: made.scrollDOM.scrollTop });
      view.current = null;
      latest.current.onView(null);
      made.destroy();
    };
  }, [session, language, fileId, path]);

  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.readOnly.reconfigure(readOnlyAs(isReadOnly)) });
  }, [isReadOnly]);

  useEffect(() => {
    let isStale = false;
    const show = (extension: Extension) =>
      !isStale && view.current?.dispatch({ effects: parts.current.changes.reconfigure(extension) });
    if (original === null) show([]);
    else {
      void import('@codemirror/merge').then(({ unifiedMergeView }) =>
        show(unifiedMergeView({ original, mergeControls: false, gutter: true })),
      );
    }
    return () => {
      isStale = true;
    };
  }, [original]);

  return <div ref={host} style={{ height: '100%', minHeight: 0 }} />;
}

const basics: Extension = [
  lineNumbers(),
  foldGutter(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  drawSelection(),
  dropCursor(),
  EditorState.allowMultipleSelections.of(true),
  rectangularSelection(),
  indentOnInput(),
  indentUnit.of('  '),
  bracketMatching(),
  highlightSelectionMatches(),
];

const readOnlyAs = (isReadOnly: boolean) => [
  EditorState.readOnly.of(isReadOnly),
  EditorView.editable.of(!isReadOnly),
];

/** Refuses what could never be saved before it is in the document: a paste of 10 MB, a file that is no text. */
function sizeGuard(session: WorkspaceSession, fileId: string, refuse: (sentence: string) => void): Extension {
  return EditorState.changeFilter.of((transaction) => {
    if (!transaction.docChanged || transaction.annotation(ySyncAnnotation)) return true;
    const { newDoc, startState } = transaction;
    if (newDoc.length <= startState.doc.length || newDoc.length < MEASURED_FROM) return true;
    const files = listFiles(session.doc);
    const path = files.find(({ id }) => id === fileId)?.path;
    if (path === undefined) return true;
    const others = files
      .filter(({ id }) => id !== fileId)
      .map((file) => ({ path: file.path, bytes: utf8Length(file.text.toJSON()) }));
    const refusal = whyNotSaved(others, { path, content: newDoc.toString() });
    if (refusal) refuse(refusal.detail);
    return refusal === null;
  });
}
