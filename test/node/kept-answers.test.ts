/** A node keeps nothing of what it has answered: followers of the metadata ask on one connection for as long as they run. */
import { startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { expect, it } from 'vitest';
import { Connection } from '../../broker/src/node/network/connection.ts';

it('leaves no callback on a connection for a request that was answered', async () => {
  const counts = new Map<Connection, number>();
  const onClose = Connection.prototype.onClose;
  Connection.prototype.onClose = function (callback) {
    counts.set(this, (counts.get(this) ?? 0) + 1);
    const leave = onClose.call(this, callback);
    let left = false;
    return () => {
      if (!left) counts.set(this, counts.get(this)! - 1);
      left = true;
      leave();
    };
  };
  try {
    await using cluster = await startCluster({ brokers: 3 });
    await using client = connectCluster({ bootstrap: cluster.bootstrap });
    for (let number = 0; number < 50; number++)
      await client.createTopics([{ name: `t${number}`, partitions: 1 }]);
    // Fetches that are held now, and what a connection has for as long as it lasts.
    expect(Math.max(...counts.values())).toBeLessThan(10);
  } finally {
    Connection.prototype.onClose = onClose;
  }
});
