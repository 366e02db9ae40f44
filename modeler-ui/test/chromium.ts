import { existsSync } from 'node:fs';

const usualPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of the Chromium that browser tests drive: CHROMIUM_PATH, or where the system's packages put it; null where there is none. */
export function findChromium(): string | null {
  return [process.env['CHROMIUM_PATH'] ?? '', ...usualPlaces].find((path) => path !== '' && existsSync(path)) ?? null;
}
