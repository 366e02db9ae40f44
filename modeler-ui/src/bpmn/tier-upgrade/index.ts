import { registerElement, registerGroup } from '../journey/registration.js';
import { tierUpgradeElement } from './tier-upgrade-element.js';
import { tierUpgradeGroup } from './tier-upgrade-group.js';

export default { __init__: [registerElement(tierUpgradeElement), registerGroup(tierUpgradeGroup)] };
