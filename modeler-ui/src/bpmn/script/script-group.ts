import { ownField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

/** The script of a script task. */
export const scriptGroup: PropertyGroup = {
  name: 'script',
  open: true,
  applies: (element) => element.type === 'bpmn:ScriptTask',
  fields: () => [
    ownField('scriptFormat', { kind: 'text', suggestions: ['javascript', 'feel'] }),
    ownField('script', { kind: 'area' }),
  ],
};
