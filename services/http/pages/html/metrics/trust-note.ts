/** How far the relevance score can be trusted, in one sentence below its value. */
import type { Trusted } from '../../../../quality/validation.ts';
import { formatNumber } from '../shared/format-value.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language } from '../shared/language.ts';

const texts = {
  en: {
    validated: (figure: string) => `Separates right answers from wrong ones with ${figure}.`,
    notValidated: (figure: string) =>
      `Not validated: ${figure}, which includes chance (0.5). Answers get no score and the objective is not judged.`,
    unknown: 'Not validated yet: it is compared with votes, which are too few so far.',
    figure: (auc: string, low: string, high: string, answers: string) =>
      `AUC ${auc} (${low} to ${high}, ${answers} answers)`,
  },
  ja: {
    validated: (figure: string) => `正しい回答と誤った回答を見分ける精度は${figure}です。`,
    notValidated: (figure: string) =>
      `検証されていません。${figure}で、偶然（0.5）と区別できません。回答にスコアを付けず、目標の判定にも使いません。`,
    unknown: 'まだ検証されていません。評価の数が足りないため、評価との比較ができません。',
    figure: (auc: string, low: string, high: string, answers: string) =>
      `AUC ${auc}（${low}～${high}、回答${answers}件）`,
  },
} as const;

export function trustNote({ validation, isShown }: Trusted, language: Language): Html {
  const text = texts[language];
  const state = isShown ? (validation === null ? 'unknown' : 'validated') : 'not-validated';
  return html`<p class="note" data-testid="relevance-trust" data-state="${state}">${sentence()}</p>`;

  function sentence(): string {
    if (validation === null) return text.unknown;
    const [auc = '', low = '', high = ''] = [validation.auc, validation.low, validation.high].map((value) =>
      formatNumber(value, language, 2, 2),
    );
    const figure = text.figure(auc, low, high, formatNumber(validation.answers, language, 0));
    return isShown ? text.validated(figure) : text.notValidated(figure);
  }
}
