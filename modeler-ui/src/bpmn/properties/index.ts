import { PropertyGroups } from './property-groups.js';

/** The properties panel's groups of xflow. Needs the values `texts` and `knownNames`, and the modules of the panel. */
export default {
  __init__: ['propertyGroups'],
  propertyGroups: ['type', PropertyGroups],
};
