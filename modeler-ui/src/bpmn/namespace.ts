const current = 'urn:xflow:bpmn:1.0';
const former = 'http://example.com/bpmn/xflow-extension';

/** Files that name the extension by its other namespace are read as if they named it by the current one. */
export function withCurrentNamespace(xml: string): string {
  return xml.replaceAll(`"${former}"`, `"${current}"`).replaceAll(`'${former}'`, `'${current}'`);
}
