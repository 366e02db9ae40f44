import { registerGroup } from '../journey/registration.js';
import { dataAssociationGroup } from './data-association-group.js';

export default { __init__: [registerGroup(dataAssociationGroup)] };
