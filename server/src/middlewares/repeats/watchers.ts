import { channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { hasPlainResponses } from '../message-head';

const EMIT = EventEmitter.prototype.emit;
const started = channel('http.server.request.start');

/**
 * Whether anybody beside Strapi would be told of a request: those who measure and trace listen to the server, put an
 * `emit` or an `end` of their own into Node's classes, or subscribe to its channel.
 */
export const isWatched = (server: Server): boolean =>
  server.listenerCount('request') !== 1 ||
  server.emit !== EMIT ||
  started.hasSubscribers ||
  !hasPlainResponses();

/** Whether Node reads what arrives at once, and nobody else does. */
export const isReadByNode = (socket: Socket): boolean =>
  socket.readableFlowing === true &&
  socket.listenerCount('data') === 1 &&
  socket.listenerCount('readable') === 0;
