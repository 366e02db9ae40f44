import { registerGroup } from '../journey/registration.js';
import { correlationGroup } from './correlation-group.js';

export default { __init__: [registerGroup(correlationGroup)] };
