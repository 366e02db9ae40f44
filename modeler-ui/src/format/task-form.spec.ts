import { controlOf, enteredValue, formVariables, initialValues, missingFields, type FormField } from './task-form.js';

const form: FormField[] = [
  { name: 'approved', type: 'boolean', required: true },
  { name: 'discount', type: 'number', required: true },
  { name: 'reason', options: ['Loyal', 'Other'] },
  { name: 'until', type: 'date' },
  { name: 'note', type: 'colour' },
];

describe('the form of a task', () => {
  it('has a control for every type, and text for what is not known', () => {
    expect(form.map(controlOf)).toEqual(['boolean', 'number', 'choice', 'date', 'text']);
  });

  it('begins with the input of the task where it fits', () => {
    expect(initialValues({ form, input: { approved: true, discount: 'ten', note: 'hello' } })).toEqual({
      approved: true,
      discount: undefined,
      reason: undefined,
      until: undefined,
      note: 'hello',
    });
  });

  it('names the required fields that are empty; a switch that is off is an answer', () => {
    expect(missingFields(form, { approved: false, discount: undefined })).toEqual(['discount']);
  });

  it('reads numbers as numbers, and nothing from what is none', () => {
    const [, discount, , , note] = form;
    expect(enteredValue(discount!, '12.5')).toBe(12.5);
    expect(enteredValue(discount!, '-')).toBeUndefined();
    expect(enteredValue(note!, '12')).toBe('12');
    expect(enteredValue(note!, '')).toBeUndefined();
  });

  it('leaves out what was not entered', () => {
    expect(formVariables({ approved: false, discount: 0, reason: undefined, note: '' })).toEqual({
      approved: false,
      discount: 0,
    });
  });
});
