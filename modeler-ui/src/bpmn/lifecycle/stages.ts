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

export interface StageColors {
  /** Line, icon and ground of the badge. */
  readonly color: string;
  /** Ground of the node. */
  readonly tint: string;
  /** Text on `color`: white or ink, whichever is legible. */
  readonly text: string;
}

/**
 * Colours of a stage. `override` is the diagram's own colour of the element: a CSS hex colour, anything else is ignored,
 * because it comes from the file and goes into the drawing.
 */
export function stageColors(stage: string, override?: string): StageColors {
  const channels = override === undefined ? null : channelsOf(override);
  if (channels === null) return { ...(isKnownStage(stage) ? stages[stage] : own), text: '#ffffff' };
  const tint = channels.map((channel) => Math.round(255 - (255 - channel) * 0.06));
  return {
    color: hexOf(channels),
    tint: hexOf(tint),
    // WCAG 2.2, 1.4.3: at least 4.5:1 between text and ground.
    text: 1.05 / (luminance(channels) + 0.05) >= 4.5 ? '#ffffff' : '#182132',
  };
}

function channelsOf(color: string): readonly number[] | null {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color)?.[1];
  if (digits === undefined) return null;
  const pairs = digits.length === 3 ? [...digits].map((digit) => digit + digit) : (digits.match(/../g) ?? []);
  return pairs.map((pair) => Number.parseInt(pair, 16));
}

const hexOf = (channels: readonly number[]): string =>
  `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;

/** Relative luminance, 0 is black and 1 is white (WCAG 2.2). */
function luminance(channels: readonly number[]): number {
  const linear = channels.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}

/** Name of the stage in CSS classes; `own` for stages beyond the five. */
export function stageSlug(stage: string): string {
  return isKnownStage(stage) ? stage.toLowerCase() : 'own';
}
