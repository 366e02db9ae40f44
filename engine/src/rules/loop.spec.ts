import { bpmn } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';
import { findings, inARow } from '../../test/findings.js';

const looping = (characteristics: string) => bpmn(inARow(`<bpmn:userTask id="it">${characteristics}</bpmn:userTask>`));
const standard = (attributes: string, condition = '') =>
  looping(
    `<bpmn:standardLoopCharacteristics ${attributes}>${condition === '' ? '' : `<bpmn:loopCondition>=${condition}</bpmn:loopCondition>`}</bpmn:standardLoopCharacteristics>`,
  );
const multi = (content: string, attributes = '') =>
  looping(`<bpmn:multiInstanceLoopCharacteristics ${attributes}>${content}</bpmn:multiInstanceLoopCharacteristics>`);
const item = (name: string) => `<bpmn:inputDataItem id="in" name="${name}" />`;

describe('loop', () => {
  it.each([
    [
      'a loop that never ends',
      standard(''),
      'is a loop without a condition and without a maximum, so it would never end',
    ],
    ['a maximum below one', standard('loopMaximum="0"'), 'is a loop of at most 0 runs'],
    [
      'runs that nobody counts',
      multi(''),
      'is multi-instance, and neither a collection nor a cardinality says how often it runs',
    ],
    [
      'an item from nowhere',
      multi(`<bpmn:loopCardinality>3</bpmn:loopCardinality>${item('order')}`),
      'is multi-instance with the item "order", but without a collection to take it from',
    ],
  ])('finds %s', async (_, xml, what) => {
    expect(await findings('loop', xml)).toEqual([['it', `<it> ${what}.`]]);
  });

  it('takes the name of a variable for data that is not there, with a warning', async () => {
    const xml = multi(
      `<bpmn:loopDataInputRef>list</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>results</bpmn:loopDataOutputRef><bpmn:inputDataItem id="one" name="order" /><bpmn:outputDataItem id="each" name="done" />`,
    );
    expect((await findings('references', xml)).map(([id, message]) => [id, message])).toEqual([
      [
        'it',
        '<it> refers to "list" as its loopDataInputRef, and there is no such data: the variable of that name is meant.',
      ],
      [
        'it',
        '<it> refers to "results" as its loopDataOutputRef, and there is no such data: the variable of that name is meant.',
      ],
    ]);
    const drive = await Drive.start(xml, { list: ['a'] });
    expect(drive.complete('it', { done: 1 }).variables).toMatchObject({ results: [1] });
  });

  it.each([
    ['a condition', standard('', 'again')],
    ['a maximum', standard('loopMaximum="3"')],
    ['a cardinality', multi('<bpmn:loopCardinality>=n</bpmn:loopCardinality>')],
  ])('accepts %s', async (_, xml) => {
    expect(await findings('loop', xml)).toEqual([]);
  });

  it('finds events that runs cannot throw', async () => {
    const xml = multi('<bpmn:loopCardinality>3</bpmn:loopCardinality>', 'behavior="None" noneBehaviorEventRef="ed"');
    const globals = '<bpmn:error id="bad" errorCode="bad" /><bpmn:errorEventDefinition id="ed" errorRef="bad" />';
    expect(await findings('loop', xml.replace('<bpmn:process', `${globals}<bpmn:process`))).toEqual([
      ['it', '<it> is multi-instance and throws an event of the kind error when a run completes.'],
    ]);
  });

  it('has the mistakes of its expressions told', async () => {
    expect(await findings('expression', multi('<bpmn:loopCardinality>=1 +</bpmn:loopCardinality>'))).toHaveLength(1);
    expect(await findings('expression', standard('', '1 +'))).toHaveLength(1);
  });
});
