import { registerGroup } from '../journey/registration.js';
import { frequencyCapGroup } from './frequency-cap-group.js';

export default { __init__: [registerGroup(frequencyCapGroup)] };
