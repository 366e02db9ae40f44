import { bpmn, extensions } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

const task = (retry: string) =>
  bpmn(inARow(`<bpmn:serviceTask id="it">${extensions(`<xflow:tag add="a" />${retry}`)}</bpmn:serviceTask>`));

describe('retry', () => {
  it.each(['', 'attempts="0"', 'attempts="many"', 'attempts="101"', 'backoff="soon"', 'attempts="3" backoff="PT1S,"'])(
    'refuses <xflow:retry %s />',
    async (attributes) => {
      expect(await findings('retry', task(`<xflow:retry ${attributes} />`))).toEqual([
        ['it', expect.stringContaining('does not say how often its job is attempted')],
      ]);
    },
  );

  it.each(['attempts="1"', 'attempts="100" backoff="PT0S"', 'backoff="PT10S, PT5M"'])(
    'accepts <xflow:retry %s />',
    async (attributes) => {
      expect(await findings('retry', task(`<xflow:retry ${attributes} />`))).toEqual([]);
    },
  );
});
