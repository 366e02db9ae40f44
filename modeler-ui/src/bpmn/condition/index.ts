import { registerGroup } from '../journey/registration.js';
import { conditionGroup } from './condition-group.js';

export default { __init__: [registerGroup(conditionGroup)] };
