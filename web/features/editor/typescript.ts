/**
 * Completion and errors for the trainees' programs: kafkajs's own types, what the box offers, and the other programs in
 * the home, so that an import of one file by another is understood. The worker starts when the first program is opened.
 */

import kafkajsTypes from 'kafkajs/types/index.d.ts?raw';
import {
  javascriptDefaults,
  ModuleKind,
  ModuleResolutionKind,
  ScriptTarget,
  typescriptDefaults,
} from 'monaco-editor/languages/features/typescript/register.js';
import { BOX_TYPES } from './box-types.ts';

/** Models and libraries lie under this folder. */
export const HOME = 'file:///home';

const OPTIONS = {
  target: ScriptTarget.ESNext,
  // The language service takes the files' names.
  lib: ['lib.esnext.d.ts'],
  module: ModuleKind.ESNext,
  moduleResolution: ModuleResolutionKind.NodeJs,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  // Programs of a lesson are short, and what is missing in them is not meant to be types.
  noImplicitAny: false,
  allowJs: true,
  esModuleInterop: true,
  skipLibCheck: true,
  // The model's language decides, not whether it imports something.
  moduleDetection: 3,
};

export function prepareTypes(): void {
  for (const defaults of [typescriptDefaults, javascriptDefaults]) {
    defaults.setCompilerOptions(OPTIONS);
    defaults.setEagerModelSync(true);
    defaults.addExtraLib(BOX_TYPES, `${HOME}/node_modules/@box/index.d.ts`);
    defaults.addExtraLib(kafkajsTypes, `${HOME}/node_modules/kafkajs/index.d.ts`);
  }
  typescriptDefaults.setDiagnosticsOptions({ noSemanticValidation: false, noSyntaxValidation: false });
  javascriptDefaults.setDiagnosticsOptions({ noSemanticValidation: true, noSyntaxValidation: false });
}

const known = new Map<string, { dispose(): void }[]>();

/** Tells of a program that lies in the home and is not open itself. */
export function knowProgram(path: string, content: string): void {
  forgetProgram(path);
  const place = `${HOME}/${path}`;
  known.set(
    path,
    [typescriptDefaults, javascriptDefaults].map((defaults) => defaults.addExtraLib(content, place)),
  );
}

export function forgetProgram(path: string): void {
  for (const library of known.get(path) ?? []) library.dispose();
  known.delete(path);
}

export function forgetPrograms(): void {
  for (const path of [...known.keys()]) forgetProgram(path);
}
