import { expect, it } from 'vitest';
import { needReason, predictedDisagreement } from './queueNeed.ts';

it('says why a pair is asked for, as far as it is known', () => {
  const figures = { margin: 0.021, entropy: 1.5, gap: null, code: 9, codeLabels: 3, disagreement: 0.384 };
  expect(needReason(figures, ['margin', 'codes'])).toBe('margin 0.02; code 9 has 3 labels');
  expect(needReason(figures, ['gap', 'disagreement'])).toBe('people would differ in 38 %');
  expect(needReason({ ...figures, codeLabels: 1 }, ['codes'])).toBe('code 9 has 1 label');
  expect(needReason(figures, ['gap'])).toBeNull();
});

it('predicts disagreement from what was seen of a code, and from the margin', () => {
  // 6 of 10 differ, and ten more comparisons of the overall share 0.2: (6 + 2) / 20.
  expect(predictedDisagreement({ different: 6, compared: 10 }, 0.2, null)).toBeCloseTo(0.4, 12);
  // No margin leaves two people at odds half of the time: (0.4 + 0.5) / 2.
  expect(predictedDisagreement({ different: 6, compared: 10 }, 0.2, 0)).toBeCloseTo(0.45, 12);
  expect(predictedDisagreement({ different: 0, compared: 0 }, 0.2, null)).toBeCloseTo(0.2, 12);
  const sure = predictedDisagreement({ different: 0, compared: 0 }, 0.2, -9);
  expect(sure).toBeLessThan(0.11);
  expect(predictedDisagreement({ different: 0, compared: 0 }, 0.2, 9)).toBeCloseTo(sure, 12);
});
