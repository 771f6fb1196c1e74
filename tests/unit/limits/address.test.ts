import { describe, expect, it } from 'vitest';
import {
  addressRangeProblem,
  addressRanges,
  countedAddress,
  maskedAddress,
} from '../../../server/src/core/limits/address';

describe('countedAddress', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['203.0.113.7:51234', '203.0.113.7'],
    ['[2001:db8::1]:443', '2001:db8:0:0::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0DB8:0000:0000:ffff:ffff:ffff:ffff', '2001:db8:0:0::/64'],
    ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
  ])('counts %s as %s', (text, counted) => expect(countedAddress(text)).toBe(counted));

  it.each(['', 'unknown', '203.0.113', '203.0.113.07', 'localhost', '::1::', '<script>'])(
    'puts "%s" with everything else that is no address',
    (text) => expect(countedAddress(text)).toBe('unknown'),
  );

  it('gives all addresses of a /64 one name', () => {
    const names = new Set(
      Array.from({ length: 500 }, (_, i) => countedAddress(`2001:db8:5:6:${i.toString(16)}::${i}`)),
    );
    expect([...names]).toEqual(['2001:db8:5:6::/64']);
  });
});

describe('maskedAddress', () => {
  it.each([
    ['203.0.113.7', '203.0.113.*'],
    ['2001:db8:5:6::/64', '2001:db8:5:*'],
    ['unknown', 'unknown'],
  ])('shows %s as %s', (counted, masked) => expect(maskedAddress(counted)).toBe(masked));
});

describe('addressRanges', () => {
  const inside = addressRanges(['10.0.0.0/8', '192.0.2.1', 'fd00::/8', '2001:db8::5']);

  it.each(['10.255.0.1', '::ffff:10.1.2.3', '192.0.2.1', '192.0.2.1:80', 'fd12::1', '2001:DB8:0::5'])(
    'holds %s',
    (text) => expect(inside(text)).toBe(true),
  );

  it.each(['11.0.0.1', '192.0.2.2', 'fe80::1', '2001:db8::6', '', '10.0.0.1, 10.0.0.2', 'unknown'])(
    'does not hold "%s"',
    (text) => expect(inside(text)).toBe(false),
  );

  it.each([
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0/8',
    'example.org',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    'fe80::1%eth0',
  ])('says what is wrong with %s', (range) => {
    expect(addressRangeProblem(range)).toContain(range);
    expect(() => addressRanges([range])).toThrow(range);
  });
});
