/**
 * The translate function of bpmn-js: its English texts are the keys; `{name}` in them is replaced.
 * `dictionary` gives the one of the language of the moment, so that a change of language needs no new diagram.
 */
export function createTranslate(
  dictionary: () => Readonly<Record<string, string>>,
): (template: string, replacements?: Readonly<Record<string, string>>) => string {
  return (template, replacements = {}) => {
    const words = dictionary();
    const text = Object.hasOwn(words, template) ? words[template]! : template;
    return text.replace(/{([^}]+)}/g, (whole, name: string) => replacements[name] ?? whole);
  };
}
