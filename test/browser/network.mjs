// A network between browser and house that can be taken away.

import { connect, createServer } from 'node:net';

/**
 * A network that can be taken away.
 * @param {number} to the port of the house
 */
export async function startProxy(to) {
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  /** @type {string[]} the first lines of what was asked */
  const heard = [];
  let silent = false;
  let deaf = false;
  const server = createServer((near) => {
    sockets.add(near);
    near.on('error', () => near.destroy()).on('close', () => sockets.delete(near));
    if (silent) return void near.resume();
    const far = connect(to, '127.0.0.1');
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    near.on('data', (/** @type {Buffer} */ b) => heard.push(...b.toString('latin1').split('\r\n').filter((line) => / HTTP\/1\.1$/.test(line))));
    near.pipe(far);
    if (!deaf) return void far.pipe(near);
    far.once('data', () => near.destroy());
  });
  /** @param {number} at */
  const listen = (at) => new Promise((resolve) => server.listen(at, '127.0.0.1', () => resolve(undefined)));
  const end = () => {
    server.close();
    for (const s of sockets) s.destroy();
  };
  await listen(0);
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    /** How much was asked so far, and what was asked since. */
    taken: () => heard.length,
    asked: (/** @type {number} */ since) => heard.slice(since),
    /** No socket stays, and none is taken. */
    cut: end,
    /** Sockets are taken, and nothing is ever said. */
    hang: () => {
      silent = true;
      for (const s of sockets) s.destroy();
    },
    /** The house hears what is sent, and its answer is lost: the socket closes in its place. */
    deafen: () => {
      deaf = true;
      for (const s of sockets) s.destroy();
    },
    mend: async () => {
      silent = deaf = false;
      for (const s of sockets) s.destroy();
      if (!server.listening) await listen(port);
    },
    stop: end,
  };
}
