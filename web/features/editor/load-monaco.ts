import type { Language } from '@brokerlab/server/contract';
import type * as module from './monaco.ts';

export type EditorModule = typeof module;

let loading: Promise<EditorModule> | null = null;

/** Loads the editor once; its own menus and messages speak the language of that moment. */
export function loadMonaco(language: Language): Promise<EditorModule> {
  loading ??= load(language).catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(language: Language): Promise<EditorModule> {
  if (language === 'ko') await import('monaco-editor/nls/lang/ko.js');
  const [loaded] = await Promise.all([import('./monaco.ts'), document.fonts.load('13px D2Coding', '가A')]);
  return loaded;
}
