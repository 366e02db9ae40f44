import type { UserTask } from '@xflow/schemas';

export type FormField = UserTask['form'][number];
/** What a person has entered, by field: text, number, yes or no, a date as YYYY-MM-DD; undefined where nothing is. */
export type FormValues = Record<string, string | number | boolean | undefined>;

/** The control of a field; types that are not known are typed as text. */
export function controlOf(field: FormField): 'choice' | 'number' | 'boolean' | 'date' | 'text' {
  if (field.options !== undefined && field.options.length > 0) return 'choice';
  return field.type === 'number' || field.type === 'boolean' || field.type === 'date' ? field.type : 'text';
}

/** What the form shows at first: the task's own input where it has a fitting value, a switch that is off, else nothing. */
export function initialValues(task: Pick<UserTask, 'form' | 'input'>): FormValues {
  return Object.fromEntries(
    task.form.map((field) => {
      const given = task.input[field.name];
      const control = controlOf(field);
      if (control === 'boolean') return [field.name, given === true];
      if (control === 'number') return [field.name, typeof given === 'number' ? given : undefined];
      return [field.name, typeof given === 'string' ? given : undefined];
    }),
  );
}

/** The value of what was typed into a field; undefined where it is empty, or no number where one is wanted. */
export function enteredValue(field: FormField, text: string): string | number | undefined {
  if (text === '') return undefined;
  if (controlOf(field) !== 'number') return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** Names of the required fields that are empty. A switch is never empty: off is an answer. */
export function missingFields(form: readonly FormField[], values: FormValues): readonly string[] {
  return form
    .filter(({ required, name }) => required === true && (values[name] === undefined || values[name] === ''))
    .map(({ name }) => name);
}

/** The variables that complete the task: what was entered, without the empty fields. */
export function formVariables(values: FormValues): Record<string, string | number | boolean> {
  const filled = Object.entries(values).filter(
    (entry): entry is [string, string | number | boolean] => entry[1] !== undefined && entry[1] !== '',
  );
  return Object.fromEntries(filled);
}
