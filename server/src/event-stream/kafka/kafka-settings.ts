import type { ConsumerSubscribeTopics, KafkaConfig, SASLOptions } from 'kafkajs';

export interface KafkaSettings {
  readonly connection: Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'>;
  readonly group: string;
  readonly topics: ConsumerSubscribeTopics['topics'];
}

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/** What the environment says of Kafka. @throws an Error that names everything wrong with it, and the remedy. */
export function kafkaSettings(environment: Readonly<Record<string, string | undefined>>): KafkaSettings {
  const { KAFKA_BROKERS, KAFKA_GROUP, KAFKA_TOPICS, KAFKA_TLS, KAFKA_SASL, KAFKA_USERNAME, KAFKA_PASSWORD } =
    environment;
  const problems: string[] = [];
  const brokers = listed(KAFKA_BROKERS);
  const misspelt = brokers.filter((broker) => !/^(\[[0-9a-f:.]+\]|[\w.-]+):\d{1,5}$/i.test(broker));
  if (brokers.length === 0 || misspelt.length > 0)
    problems.push(`KAFKA_BROKERS names no brokers in "${KAFKA_BROKERS}". Write host:port, with commas between them.`);
  if (![undefined, 'true', 'false'].includes(KAFKA_TLS)) problems.push('Let KAFKA_TLS be true or false.');
  const mechanism = mechanisms.find((known) => known === KAFKA_SASL?.toLowerCase());
  if (KAFKA_SASL !== undefined && mechanism === undefined)
    problems.push(`KAFKA_SASL is "${KAFKA_SASL}". Let it be ${mechanisms.join(', ')}.`);
  if (mechanism !== undefined && (KAFKA_USERNAME === undefined || KAFKA_PASSWORD === undefined))
    problems.push('KAFKA_SASL needs KAFKA_USERNAME and KAFKA_PASSWORD. Set both.');
  if (problems.length > 0) throw new Error(`Kafka cannot be used: ${problems.join(' ')}`);
  const sasl = { mechanism, username: KAFKA_USERNAME, password: KAFKA_PASSWORD } as SASLOptions;
  const topics = listed(KAFKA_TOPICS);
  return {
    connection: { brokers, ssl: KAFKA_TLS === 'true', ...(mechanism === undefined ? {} : { sasl }) },
    group: KAFKA_GROUP ?? 'xflow',
    topics: topics.length > 0 ? topics : ['xflow'],
  };
}

const listed = (text = ''): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
