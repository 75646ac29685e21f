/** `/metrics` of a running MirrorMaker, on loopback unless told otherwise. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function serveMetrics(
  address: { readonly host: string; readonly port: number },
  text: () => string,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const found = request.url === '/metrics' && (request.method === 'GET' || request.method === 'HEAD');
    const type = 'text/plain; version=0.0.4; charset=utf-8';
    response.writeHead(found ? 200 : 404, { 'content-type': type });
    response.end(found ? text() : 'Only GET /metrics is answered here.\n');
  });
  server.listen(address.port, address.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // a TCP listener has such an address
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
