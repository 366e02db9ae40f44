import { registerGroup } from '../journey/registration.js';
import { scriptGroup } from './script-group.js';

export default { __init__: [registerGroup(scriptGroup)] };
