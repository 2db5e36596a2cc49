import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Every colour is a variable of ide.css, so that light, dark and high contrast need no other theme here. */
const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--assay-panel)', color: 'var(--mantine-color-text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontSize: 'var(--ide-font-size)',
    lineHeight: '1.6',
  },
  '.cm-content': { caretColor: 'var(--assay-accent-text)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--assay-accent-text)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--ide-selection)',
  },
  '.cm-gutters': {
    backgroundColor: 'var(--assay-panel)',
    color: 'var(--ide-line-number)',
    border: 'none',
  },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 8px 0 16px' },
  '.cm-activeLine': { backgroundColor: 'var(--ide-active-line)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--mantine-color-text)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--ide-match)',
    outline: '1px solid var(--assay-accent-text)',
  },
  '.cm-selectionMatch, .cm-searchMatch': { backgroundColor: 'var(--ide-match)' },
  '.cm-searchMatch-selected': { outline: '2px solid var(--assay-accent-text)' },
  '.cm-foldPlaceholder': { background: 'var(--assay-accent-soft)', border: 'none', color: 'inherit' },
  '.cm-tooltip': {
    backgroundColor: 'var(--mantine-color-body)',
    color: 'var(--mantine-color-text)',
    border: '1px solid var(--assay-line)',
    borderRadius: '8px',
    boxShadow: 'var(--mantine-shadow-md)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontSize: '12px',
    maxHeight: '16em',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--ide-chosen)',
    color: 'var(--ide-chosen-text)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionInfo, .cm-ide-hover': {
    padding: '8px 12px',
    maxWidth: '520px',
    maxHeight: '320px',
    overflow: 'auto',
    fontSize: '12px',
    whiteSpace: 'pre-wrap',
  },
  '.cm-ide-signature': { fontFamily: 'var(--mantine-font-family-monospace)', overflowWrap: 'anywhere' },
  '.cm-ide-about': { marginTop: '8px', color: 'var(--mantine-color-dimmed)' },
  '.cm-diagnostic': { padding: '4px 12px', fontSize: '12px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--assay-bad)' },
  '.cm-panels': {
    backgroundColor: 'var(--assay-ground)',
    color: 'inherit',
    borderColor: 'var(--assay-line)',
  },
  '.cm-panel input, .cm-panel button': { fontSize: '12px' },
  '.cm-textfield': {
    backgroundColor: 'var(--mantine-color-body)',
    color: 'inherit',
    borderColor: 'var(--assay-line)',
  },
  '.cm-button': { backgroundImage: 'none', backgroundColor: 'var(--mantine-color-body)', color: 'inherit' },
  '.cm-ide-unused': { opacity: '0.6' },
  '.cm-changedLine, .cm-insertedLine': { backgroundColor: 'var(--assay-good-soft)' },
  '.cm-deletedChunk': { backgroundColor: 'var(--assay-bad-soft)' },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.moduleKeyword, tags.controlKeyword], color: 'var(--ide-keyword)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--ide-string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--ide-number)' },
  { tag: [tags.comment, tags.meta], color: 'var(--ide-comment)', fontStyle: 'italic' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.labelName],
    color: 'var(--ide-function)',
  },
  { tag: [tags.typeName, tags.className, tags.namespace, tags.tagName], color: 'var(--ide-type)' },
  { tag: [tags.propertyName, tags.attributeName], color: 'var(--ide-property)' },
  { tag: tags.heading, fontWeight: '600', color: 'var(--ide-keyword)' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strong, fontWeight: '600' },
  { tag: [tags.link, tags.url], color: 'var(--ide-function)' },
  { tag: tags.invalid, color: 'var(--assay-bad)' },
]);

export const editorTheme: Extension = [look, syntaxHighlighting(colours)];
