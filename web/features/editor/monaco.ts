/**
 * Monaco, with what a trainee's home holds: scripts, programs, properties, JSON, YAML. This module is a chunk of its own;
 * `loadMonaco` puts Monaco's Korean messages in place before it, because Monaco reads them once, while it starts.
 */
import 'monaco-editor/features/register.all.js';
import 'monaco-editor/languages/definitions/ini/register.js';
import 'monaco-editor/languages/definitions/java/register.js';
import 'monaco-editor/languages/definitions/javascript/register.js';
import 'monaco-editor/languages/definitions/markdown/register.js';
import 'monaco-editor/languages/definitions/python/register.js';
import 'monaco-editor/languages/definitions/shell/register.js';
import 'monaco-editor/languages/definitions/typescript/register.js';
import 'monaco-editor/languages/definitions/xml/register.js';
import 'monaco-editor/languages/definitions/yaml/register.js';
import 'monaco-editor/languages/features/json/register.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import * as monaco from 'monaco-editor/editor.js';
import JsonWorker from 'monaco-editor/languages/features/json/json.worker.js?worker';
import TypeScriptWorker from 'monaco-editor/languages/features/typescript/ts.worker.js?worker';
import { forgetProgram, forgetPrograms, HOME, knowProgram, prepareTypes } from './typescript.ts';

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => {
    if (label === 'json') return new JsonWorker();
    return label === 'typescript' || label === 'javascript' ? new TypeScriptWorker() : new EditorWorker();
  },
};

for (const [name, base, colors] of [
  [
    'brokerlab-light',
    'vs',
    { background: '#ffffff', lineNumber: '#8a94a6', text: '#171c26', selection: '#c8d7f8' },
  ],
  [
    'brokerlab-dark',
    'vs-dark',
    { background: '#161b24', lineNumber: '#6b768c', text: '#e6e9f0', selection: '#2c4377' },
  ],
] as const) {
  monaco.editor.defineTheme(name, {
    base,
    inherit: true,
    rules: [],
    colors: {
      'editor.background': colors.background,
      'editor.foreground': colors.text,
      'editorLineNumber.foreground': colors.lineNumber,
      'editor.selectionBackground': colors.selection,
      'editorGutter.background': colors.background,
      'minimap.background': colors.background,
    },
  });
}

prepareTypes();

/** Where a file of the home lies for the editor. */
export function uriOf(path: string): monaco.Uri {
  return monaco.Uri.parse(`${HOME}/${path.split('/').map(encodeURIComponent).join('/')}`);
}

export const programs = { knowProgram, forgetProgram, forgetPrograms };
export type Programs = typeof programs;
export { monaco };
export type Monaco = typeof monaco;
