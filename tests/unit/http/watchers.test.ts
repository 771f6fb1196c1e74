import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, Server, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isWatched } from '../../../server/src/middlewares/repeats/watchers';

const CHANNEL = 'http.server.request.start';
const nothing = (): void => undefined;

describe('a server', () => {
  const undo: (() => void)[] = [];
  afterEach(() => {
    vi.restoreAllMocks();
    for (const it of undo.splice(0)) it();
  });
  const server = (): Server => createServer(nothing);

  it('is not watched as it is made', () => {
    expect(isWatched(server())).toBe(false);
  });

  it('is watched by a second listener for its requests', () => {
    expect(isWatched(server().on('request', nothing))).toBe(true);
  });

  it('is watched by those who trace with an emit of their own on it', () => {
    const traced = server();
    traced.emit = (() => true) as never;
    expect(isWatched(traced)).toBe(true);
  });

  it('is watched by those who put an emit into its class', () => {
    const { prototype } = Server;
    prototype.emit = (() => true) as never;
    undo.push(() => Reflect.deleteProperty(prototype, 'emit'));
    expect(isWatched(server())).toBe(true);
  });

  it('is watched by subscribers of its channel', () => {
    subscribe(CHANNEL, nothing);
    undo.push(() => unsubscribe(CHANNEL, nothing));
    expect(isWatched(server())).toBe(true);
  });

  it.each(['writeHead', 'end'] as const)('is watched by those who put a "%s" into its responses', (name) => {
    const { prototype } = ServerResponse;
    const own = Object.getOwnPropertyDescriptor(prototype, name);
    Object.defineProperty(prototype, name, { value: nothing, configurable: true, writable: true });
    undo.push(() => {
      if (own) Object.defineProperty(prototype, name, own);
      else Reflect.deleteProperty(prototype, name);
    });
    expect(isWatched(server())).toBe(true);
  });

  it('is no longer watched when they are gone', () => {
    const other = (): void => undefined;
    const listened = server().on('request', other);
    expect(isWatched(listened)).toBe(true);
    expect(isWatched(listened.off('request', other))).toBe(false);
  });
});
