import { TokenOverlays } from './token-overlays.js';

/** Shows where tokens rest: for the viewer of an instance. */
export default { tokenOverlays: ['type', TokenOverlays] };
