import { once } from 'node:events';
import net from 'node:net';

/** A way to Redis that can be cut, as when Redis or the network to it is gone. */
export interface RedisWay {
  url: string;
  /** Breaks every connection and takes no new ones. */
  cut(): void;
  /** Takes connections again. */
  restore(): void;
  close(): void;
}

export async function openRedisWay(redisUrl: string): Promise<RedisWay> {
  const redis = new URL(redisUrl);
  const sockets = new Set<net.Socket>();
  let isCut = false;
  const way = net.createServer((socket) => {
    if (isCut) return socket.destroy();
    const onward = net.connect(Number(redis.port), redis.hostname);
    socket.pipe(onward).pipe(socket);
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.on('error', () => undefined).on('close', () => sockets.delete(end));
    }
  });
  await once(way.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(redisUrl);
  url.port = String((way.address() as net.AddressInfo).port); // listening on TCP
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    restore: () => {
      isCut = false;
    },
    close: () => {
      cut();
      way.close();
    },
  };
}
