/** What `--version` says: what this is, and whose behaviour it follows. */
export const kafkaRelease = '4.3.1';
export const versionLine = `Brokerlab 0.1.0 (compatible with Apache Kafka ${kafkaRelease})`;
