import { batchFilterOf, filterOf, queryOf } from './instance-address.js';

describe('the address of the list of instances', () => {
  const filter = {
    workflow: 'order',
    status: 'active',
    version: 2,
    incident: true,
    startedFrom: '2026-01-05T09:00:00.000Z',
    variables: ['plan=gold', 'note=a=b'],
  };

  it('brings the filter back', () => {
    expect(filterOf(queryOf(filter))).toEqual(filter);
  });

  it('leaves out what is no sound value', () => {
    const query = {
      version: 'x',
      startedTo: 'yesterday',
      incident: 'no',
      status: '',
      variables: ['plan', '=x'],
      other: '1',
    };
    expect(filterOf(query)).toEqual({});
  });
});

describe('the filter of a batch operation', () => {
  it('takes all but the status', () => {
    expect(batchFilterOf({ workflow: 'order', status: 'active', variables: ['plan=gold'] })).toEqual({
      workflow: 'order',
      variables: ['plan=gold'],
    });
  });

  it.each([
    {},
    { status: 'active' },
    { workflow: 'order', status: 'completed' },
    { endedFrom: '2026-01-05T09:00:00Z' },
  ])('is none of %j, which is everything or nothing that is active', (filter) => {
    expect(batchFilterOf(filter)).toBeNull();
  });
});
