/** The AARRR stages in their order, with the colours in which the diagram shows them (text and line, and tint of the ground). */
export const stages = {
  Acquisition: { color: '#2459b8', tint: '#f3f7fe' },
  Activation: { color: '#0a7364', tint: '#f0faf7' },
  Retention: { color: '#6a42bd', tint: '#f8f5fd' },
  Revenue: { color: '#8f5a00', tint: '#fef9ed' },
  Referral: { color: '#b32a68', tint: '#fef4f8' },
} as const;
export type KnownStage = keyof typeof stages;
export const knownStages = Object.keys(stages) as readonly KnownStage[];

const own = { color: '#4f5b6d', tint: '#f7f8fa' };

export function isKnownStage(stage: string): stage is KnownStage {
  return Object.hasOwn(stages, stage);
}

/**
 * Colours of a stage. `override` is the diagram's own colour of the element: a CSS hex colour, anything else is ignored,
 * because it comes from the file and goes into the drawing.
 */
export function stageColors(stage: string, override?: string): { readonly color: string; readonly tint: string } {
  const colors = isKnownStage(stage) ? stages[stage] : own;
  return override !== undefined && /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(override)
    ? { ...colors, color: override }
    : colors;
}

/** Name of the stage in CSS classes; `own` for stages beyond the five. */
export function stageSlug(stage: string): string {
  return isKnownStage(stage) ? stage.toLowerCase() : 'own';
}
