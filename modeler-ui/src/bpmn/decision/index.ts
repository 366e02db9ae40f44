import { registerGroup } from '../journey/registration.js';
import { decisionGroup } from './decision-group.js';

export default { __init__: [registerGroup(decisionGroup)] };
