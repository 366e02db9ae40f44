import { knownStages, stageColors, stageSlug } from './stages.js';

/** Contrast of two colours (WCAG 2.2), 1 to 21. */
function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const [red, green, blue] = (color.match(/[0-9a-f]{2}/gi) ?? []).map((pair) => {
      const share = Number.parseInt(pair, 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
  };
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

describe('stageColors', () => {
  it.each([...knownStages, 'Onboarding'])('gives %s a badge that is legible', (stage) => {
    const { color, text } = stageColors(stage);
    expect(contrast(color, text)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['#fb8c00', '#000000', '#ffffff', '#8e24aa', '#fc0'])('keeps text legible on the own colour %s', (own) => {
    const { color, text } = stageColors('Retention', own);
    expect(contrast(color, text)).toBeGreaterThanOrEqual(4.5);
  });

  it('ignores an own colour that is none', () => {
    expect(stageColors('Revenue', 'url(https://example.com)')).toEqual(stageColors('Revenue'));
  });

  it('takes ids such as __proto__ for stages of their own', () => {
    expect(stageSlug('__proto__')).toBe('own');
  });
});
