import { expect, test } from 'vitest';
import { readJudgedScore } from './judge-score.ts';

test.each([
  ['```json\n{"reason": "supported", "score": 0.8,}\n```\nLet me know!', 0.8],
  ['Here is my judgement: {"score": 0.65, "reason": "a } brace"} I hope it helps.', 0.65],
  ["{'reason': 'it isn\\'t complete', 'score': 0.4}", 0.4],
  ['{score: 0.4, reason: "incomplete"} // judged', 0.4],
  ['{"reason": "one\ntwo", "score": 0.3}', 0.3],
  ['{"score": 0.9 /* good */, "reason": "see http://example.org"}', 0.9],
  ['{"Score": "0,7"}', 0.7],
  ['{"score": {"value": 0.2, "reason": "no"}}', 0.2],
  ['{"result": {"score": "8/10"}}', 0.8],
  ['{"score": 8, "scale": "0-10"}', 0.8],
  ['{"score": 85, "max_score": 100}', 0.85],
  ['[{"score": 0.1}, {"score": 0.5}]', 0.5],
  ['{"スコア": "０．８"}', 0.8],
  ['スコア：０．８', 0.8],
  ['理由：根拠があります。\n評価：１０点満点中８点', 0.8],
  ['評価は8点（10点満点）です。', 0.8],
  ['スコアは７割です', 0.7],
  ['Score (0-1): **0.6**', 0.6],
  ['**Final score:** 7 out of 10', 0.7],
  ['<score>0.9</score>', 0.9],
  ['I would rate this answer 0.75 because one part is missing.', 0.75],
  ['Scale: score 1.0 is perfect. Final score: 0.4', 0.4],
  ['**0.85**', 0.85],
  ['80 %', 0.8],
  ['1', 1],
  ['{"score": 0.8, "reason": "The answer is supp', 0.8],
  ['{"reason": "The first excerpt, {partly}, says so", "score": 0.55', null],
])('the score in %s is %s', (text, score) => {
  expect(readJudgedScore(text)).toBe(score);
});

test.each([
  [''],
  ['   \n'],
  ['I cannot judge this answer.'],
  ['申し訳ありませんが、評価できません。'],
  ['{"reason": "long and cut o'],
  ['{"reason": "cut", "score": 0'],
  ['{"reason": "cut", "score":'],
  ['{"score": null}'],
  ['{"score": "high"}'],
  ['{"score": true}'],
  ['{"score": 8}'],
  ['{"score": -0.5}'],
  ['{"score": "0.6-0.8"}'],
  ['Score: N/A'],
  ['{"reason": "<one short sentence>", "score": <number from 0 to 1>}'],
  ['The answer has 3 sentences of 1 excerpt.'],
])('no score is read from %s', (text) => {
  expect(readJudgedScore(text)).toBeNull();
});
