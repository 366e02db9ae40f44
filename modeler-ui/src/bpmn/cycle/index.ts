import { registerGroup } from '../journey/registration.js';
import { cycleGroup } from './cycle-group.js';

export default { __init__: [registerGroup(cycleGroup)] };
