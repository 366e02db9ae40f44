import { AddressGuard } from './address-guard.js';

describe('AddressGuard', () => {
  const guard = new AddressGuard();

  it.each(['93.184.215.14', '8.8.8.8', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'])('permits %s', (address) => {
    expect(guard.permits(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '127.8.9.10',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fe80::1',
    'fc00::1',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
  ])('refuses %s', (address) => {
    expect(guard.permits(address)).toBe(false);
  });

  it('permits the networks it is told, and no others', () => {
    const told = new AddressGuard('127.0.0.1/32, fd00::/8');
    expect(told.permits('127.0.0.1')).toBe(true);
    expect(told.permits('::ffff:127.0.0.1')).toBe(true);
    expect(told.permits('fd12::1')).toBe(true);
    expect(told.permits('127.0.0.2')).toBe(false);
    expect(told.permits('10.0.0.1')).toBe(false);
  });

  it('says which entry is no network', () => {
    expect(() => new AddressGuard('10.0.0.0/8, intranet')).toThrow('"intranet", which is no network');
  });
});
