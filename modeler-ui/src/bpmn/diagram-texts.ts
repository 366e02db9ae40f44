import zn from 'bpmn-js-i18n/translations/zn';
import { i18n } from '../i18n.js';
import supplement from '../locales/bpmn-js.zh.json';
import { isKnownStage } from './lifecycle/stages.js';
import type { Texts } from './localization/texts.js';

const { global } = i18n;
const chinese: Readonly<Record<string, string>> = { ...zn, ...supplement };
const none: Readonly<Record<string, string>> = {};

/** The console's texts for the diagram's modules. */
export const texts: Texts = {
  t: (key, parameters = {}) => global.t(key, parameters),
  has: (key) => global.te(key) || global.te(key, 'en'),
};

export const stageNames = (stage: string): string => (isKnownStage(stage) ? global.t(`stage.${stage}`) : stage);

/** Translations of bpmn-js's own texts; it speaks English by itself. */
export const dictionary = (): Readonly<Record<string, string>> => (global.locale.value === 'zh' ? chinese : none);
