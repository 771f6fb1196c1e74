import { Socket } from 'node:net';

const WRITE = Socket.prototype.write;

/** Whether a socket is of Node's own class, as it was made, and nothing waits in its stream that would be overtaken. */
export const isIdle = (socket: Socket): boolean =>
  socket.writable &&
  socket.writableLength === 0 &&
  Object.getPrototypeOf(socket) === Socket.prototype &&
  socket.write === WRITE;
