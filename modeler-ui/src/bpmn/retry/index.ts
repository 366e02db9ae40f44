import { registerGroup } from '../journey/registration.js';
import { retryGroup } from './retry-group.js';

export default { __init__: [registerGroup(retryGroup)] };
