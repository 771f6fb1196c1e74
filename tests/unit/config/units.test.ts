import { describe, expect, it } from 'vitest';
import { parseBytes, parseDuration } from '../../../server/src/config/units';

describe('parseDuration', () => {
  it.each<[unknown, number | null]>([
    [10, 10_000],
    [0.25, 250],
    [0, 0],
    [-5, -5000],
    ['10', 10_000],
    ['10 s', 10_000],
    ['10s', 10_000],
    [' 1.5 m ', 90_000],
    ['250 ms', 250],
    ['2 H', 7_200_000],
    ['1 d', 86_400_000],
    ['', null],
    ['s', null],
    ['-5 s', null],
    ['10 seconds', null],
    ['1 h 30 m', null],
    ['1e3', null],
    ['.5 s', null],
    [NaN, null],
    [Infinity, null],
    [null, null],
    [true, null],
    [{}, null],
  ])('of %j is %s milliseconds', (value, milliseconds) => {
    expect(parseDuration(value)).toBe(milliseconds);
  });
});

describe('parseBytes', () => {
  it.each<[unknown, number | null]>([
    [1000, 1000],
    ['1000', 1000],
    ['64 MB', 67_108_864],
    ['1kb', 1024],
    ['1.5 KB', 1536],
    ['2 GB', 2_147_483_648],
    ['10 b', 10],
    ['64 MiB', null],
    ['-1 MB', null],
    ['MB', null],
    ['', null],
    [NaN, null],
    [[], null],
  ])('of %j is %s', (value, bytes) => {
    expect(parseBytes(value)).toBe(bytes);
  });
});
