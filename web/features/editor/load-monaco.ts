import type { Language } from '@brokerlab/server/contract';
import type { Monaco } from './monaco.ts';

let loading: Promise<Monaco> | null = null;

/** Loads the editor once; its own menus and messages speak the language of that moment. */
export function loadMonaco(language: Language): Promise<Monaco> {
  loading ??= load(language).catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(language: Language): Promise<Monaco> {
  if (language === 'ko') await import('monaco-editor/nls/lang/ko.js');
  const [module] = await Promise.all([import('./monaco.ts'), document.fonts.load('13px D2Coding', '가A')]);
  return module.monaco;
}
