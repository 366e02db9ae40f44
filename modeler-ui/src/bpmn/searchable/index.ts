import { registerGroup } from '../journey/registration.js';
import { searchableGroup } from './searchable-group.js';

export default { __init__: [registerGroup(searchableGroup)] };
