/** Both languages are in the page, so that switching is instant and works offline. */
import type { Language, Localized } from '@brokerlab/server/contract';
import i18next, { type TFunction } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { preferences, usePreferences } from './preferences.ts';
import { en } from './texts/en.ts';
import { ko } from './texts/ko.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof ko };
  }
}

export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: preferences.get().language,
    fallbackLng: 'en',
    resources: { ko: { translation: ko }, en: { translation: en } },
    interpolation: { escapeValue: false },
  });
  preferences.subscribe(() => {
    const { language } = preferences.get();
    if (i18next.language !== language) void i18next.changeLanguage(language);
  });
}

export type Translate = TFunction;

export function useTexts(): Translate {
  return useTranslation().t;
}

/** The side of a text in both languages that the page is set to. */
export function useLocalized(): (text: Localized) => string {
  const { language } = usePreferences();
  return (text) => pick(text, language);
}

export function pick(text: Localized, language: Language): string {
  return text[language] || text.en || text.ko;
}
