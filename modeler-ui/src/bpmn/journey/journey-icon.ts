/** A line icon on a grid of 24 × 24. */
export interface JourneyIcon {
  /** SVG path data. */
  readonly path: string;
}

/** The icon as an image for the palette and the context pad. `color` is a CSS hex colour. */
export function iconUrl(icon: JourneyIcon, color: string): string {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" ' +
    `stroke="${color}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"><path d="${icon.path}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** The icon as HTML, for where its name stands beside it or on its entry: it says nothing of its own. */
export const iconImage = (icon: JourneyIcon, color: string): string => `<img src="${iconUrl(icon, color)}" alt="">`;
