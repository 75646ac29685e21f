/** `/metrics` of a running MirrorMaker, and `/flows` for pages, on loopback unless told otherwise. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function serveMetrics(
  address: { readonly host: string; readonly port: number },
  pages: { readonly metrics: () => string; readonly flows: () => unknown },
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (reads && request.url === '/metrics') {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(pages.metrics());
    } else if (reads && request.url === '/flows') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(pages.flows()));
    } else {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
      response.end('Only GET /metrics and /flows are answered here.\n');
    }
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
