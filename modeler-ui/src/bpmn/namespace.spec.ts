import { withCurrentNamespace } from './namespace.js';

describe('withCurrentNamespace', () => {
  it('reads the other namespace as the current one, in both kinds of quotes', () => {
    expect(withCurrentNamespace(`<a xmlns:x="http://example.com/bpmn/xflow-extension"/>`)).toBe(
      '<a xmlns:x="urn:xflow:bpmn:1.0"/>',
    );
    expect(withCurrentNamespace(`<a xmlns:x='http://example.com/bpmn/xflow-extension'/>`)).toBe(
      `<a xmlns:x='urn:xflow:bpmn:1.0'/>`,
    );
  });
});
