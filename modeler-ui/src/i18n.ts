import { watch } from 'vue';
import { createI18n } from 'vue-i18n';
import en from './locales/en.json';
import zh from './locales/zh.json';

export type Language = 'en' | 'zh';
export const languages: readonly { readonly code: Language; readonly label: string }[] = [
  { code: 'en', label: 'English' },
  { code: 'zh', label: '中文' },
];

const storageKey = 'xflow.language';

/** The language chosen before, else the browser's, else English. Storage may be forbidden; then nothing is remembered. */
function initialLanguage(): Language {
  try {
    const stored = localStorage.getItem(storageKey);
    if (stored === 'en' || stored === 'zh') return stored;
  } catch {
    // Storage is forbidden by the browser's settings.
  }
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const i18n = createI18n({
  legacy: false,
  locale: initialLanguage(),
  fallbackLocale: 'en',
  messages: { en, zh } as Record<Language, typeof en>,
});

watch(
  i18n.global.locale,
  (language) => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    try {
      localStorage.setItem(storageKey, language);
    } catch {
      // Storage is forbidden by the browser's settings.
    }
  },
  { immediate: true },
);
